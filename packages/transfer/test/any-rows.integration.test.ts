import { existsSync } from 'node:fs';
import { startPostgres } from '@spire/servers';
import type pg from 'pg';
import { expect, inject, it } from 'vitest';
import { fillIncoming } from '../src/fill-incoming.ts';
import { readStructure, replaceTables, withTarget } from '../src/index.ts';
import { openSnapshot } from '../src/snapshot.ts';
import { ANY_TABLE, insertAnyRows } from './any-rows.ts';
import { actor, openSide, type TestSide } from './open-side.ts';
import { useSides } from './two-databases.ts';

// What is copied is what was there, bit for bit, whatever it is.

const sides = useSides('any_rows');
const ROWS = 60;
const POSTGRES_15 = '/usr/lib/postgresql/15/bin';
const major = inject('postgresMajor');

/** Copies all tables as they are. */
async function copyPlain(source: TestSide, target: TestSide, format: 'binary' | 'text') {
  await using snapshot = await openSnapshot(source.sessions);
  const tables = await readStructure(snapshot.session);
  const copy = { prepare: async () => {}, format, jobs: 2 };
  await withTarget(target, undefined, (sessions) => {
    const fill = () =>
      fillIncoming(snapshot, sessions, tables, {
        select: ({ quoted }) => `select * from public.${quoted}`,
        ...copy,
      });
    const replacement = {
      kind: 'restore',
      source: null,
      replaced: 'everything',
      tables,
      fill,
    } as const;
    return replaceTables(sessions, target.environment, replacement, { actor });
  });
}

/** Every value as Postgres sends it, as hexadecimal digits. */
async function bitsOf(client: pg.Client): Promise<Record<string, string>[]> {
  const sent = [
    'uuid_send(a)',
    'varcharsend(b)',
    'textsend(c)',
    'boolsend(d)',
    'date_send(e)',
    'timestamp_send(f)',
    'timestamptz_send(g)',
    'json_send(h)',
    'jsonb_send(i)',
    'int2send(j)',
    'int4send(k)',
    'int8send(l)',
    'float8send(m)',
    'array_send(n)',
    'array_send(o)',
    'numeric_send("Odd ""name")',
    'byteasend(p)',
    'interval_send(q)',
  ].map((value, index) => `md5(${value}) as "${index}"`);
  const { rows } = await client.query(`select id, ${sent} from any_rows order by id`);
  return rows;
}

it.each(['binary', 'text'] as const)('a copy as %s', async (format) => {
  const [source, target] = [await sides.empty('staging'), await sides.empty('development')];
  for (const seed of [1, 2, 3]) {
    await source.client.query(`drop table if exists any_rows; ${ANY_TABLE}`);
    await insertAnyRows(source.client, seed, ROWS);
    await copyPlain(source, target, format);
    expect(await bitsOf(target.client), `seed ${seed}`).toEqual(await bitsOf(source.client));
  }
});

const why = !existsSync(POSTGRES_15)
  ? `no other major is installed (${POSTGRES_15})`
  : major === 15
    ? 'the shared Postgres is of major 15 itself'
    : undefined;
it.skipIf(why)(`a copy from one major to another${why ? `: skipped, ${why}` : ''}`, async () => {
  const older = await startPostgres({ lifetime: 'parent', binaries: POSTGRES_15 });
  const side = await openSide('development', older.connectionString());
  try {
    const source = await sides.empty('staging');
    await source.client.query(ANY_TABLE);
    await insertAnyRows(source.client, 4, ROWS);
    await copyPlain(source, side, 'text');
    expect(await bitsOf(side.client)).toEqual(await bitsOf(source.client));
    const back = await sides.empty('staging');
    await copyPlain(side, back, 'text');
    expect(await bitsOf(back.client)).toEqual(await bitsOf(source.client));
  } finally {
    await side.client.end();
    await side.pool.end();
    await older.stop();
  }
});
