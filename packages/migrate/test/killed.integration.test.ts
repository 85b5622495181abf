import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseMigration } from '@spire/schema';
import { expect, test } from 'vitest';
import { applyMigrations, readLedger } from '../src/index.ts';
import { useTestDatabase } from './test-database.ts';

const database = useTestDatabase('killed');

const BREAK = '\n--> statement-breakpoint\n';
const MIGRATIONS = [
  'create table a (id int);',
  `create table b (id int);${BREAK}insert into b values (1);${BREAK}alter table a add column b int;`,
  '-- spire:no-transaction\ncreate index concurrently if not exists b_idx on b (id);',
  'create table c (id int);',
];
const files = MIGRATIONS.map((sql, index) =>
  parseMigration({ tag: `000${index}_x`, index, createdAt: 1000 + index }, sql),
);

/** Everywhere: after the lock, before and after statements, before and after the ledger and the commit. */
const POINTS = [
  'locked',
  'started 0000_x',
  'applied 0000_x',
  'started 0001_x',
  'statement 0001_x 0',
  'statement 0001_x 1',
  'statement 0001_x 2',
  'recorded 0001_x',
  'applied 0001_x',
  'started 0002_x',
  'statement 0002_x 0',
  'recorded 0002_x',
  'applied 0002_x',
  'recorded 0003_x',
  'applied 0003_x',
];

const CATALOGUE = `select
  to_regclass('a') is not null as a,
  to_regclass('b') is not null as b,
  exists (select from pg_attribute where attrelid = to_regclass('a') and attname = 'b') as column_b,
  to_regclass('c') is not null as c,
  coalesce((select indisvalid from pg_index where indexrelid = to_regclass('b_idx')), false) as index`;

test.each(POINTS)(
  'killed at "%s", the database is whole, and the rerun converges',
  async (point) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-migration.ts')], {
      env: {
        ...process.env,
        DATABASE: database.url,
        KILL_AT: point,
        MIGRATIONS: JSON.stringify(MIGRATIONS),
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGKILL');

    const client = await database.connect();
    // It is had once Postgres has seen the session's end.
    await client.query('select pg_advisory_lock(495807197797); select pg_advisory_unlock_all()');
    const ledger = (await readLedger(client)).map(({ tag }) => tag);
    const { rows } = await client.query(CATALOGUE);
    const has = (tag: string) => ledger.includes(tag);
    expect(rows[0]).toEqual({
      a: has('0000_x'),
      b: has('0001_x'),
      column_b: has('0001_x'),
      c: has('0003_x'),
      // What runs outside a transaction may be there before it is recorded, never the other way round.
      index: has('0002_x') || ['statement 0002_x 0', 'recorded 0002_x'].includes(point),
    });

    await applyMigrations(client, { actor: { name: 'test', toolVersion: '0' }, files });
    const after = await client.query(CATALOGUE);
    expect(after.rows).toEqual([{ a: true, b: true, column_b: true, c: true, index: true }]);
    expect((await readLedger(client)).map(({ tag }) => tag)).toEqual(files.map(({ tag }) => tag));
  },
);
