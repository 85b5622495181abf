import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { migrationFiles, parseMigration } from '@spire/schema';
import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import {
  type ApplyOptions,
  applyMigrations,
  claimDatabase,
  readFingerprint,
  readLedger,
  reclaimDatabase,
} from '../src/index.ts';
import { useTestDatabase } from './test-database.ts';
import { waitFor } from './wait-for.ts';

const options: ApplyOptions = { actor: { name: 'ann', toolVersion: '1.2.3' } };
const { connect } = useTestDatabase('migrate');

const file = (index: number, sql: string) =>
  parseMigration({ tag: `000${index}_x`, index, createdAt: 1000 + index }, sql);

describe('applyMigrations', () => {
  it('applies all, then finds nothing pending, and keeps both ledgers', async () => {
    const client = await connect();
    const files = migrationFiles();
    expect(await applyMigrations(client, options)).toEqual(files);
    expect(await applyMigrations(client, options)).toEqual([]);
    expect(await readLedger(client)).toEqual(
      files.map(({ hash, createdAt, tag }, index) => ({ hash, createdAt, tag, id: index + 1 })),
    );
    const { rows } = await client.query(
      'select tag, actor, tool_version from spire.migrations order by tag',
    );
    expect(rows).toEqual(files.map(({ tag }) => ({ tag, actor: 'ann', tool_version: '1.2.3' })));
  });

  it('rolls a failing file back as a whole, points at the place, and goes on after it is mended', async () => {
    const client = await connect();
    const good = file(0, 'create table kept (id int)');
    const bad = file(1, 'create table gone (id int);\n--> statement-breakpoint\nselect nowhere');
    const error = await applyMigrations(client, { ...options, files: [good, bad] }).catch((e) => e);
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(error.message).toMatch(
      /0001_x .*column "nowhere" does not exist \(42703\)\n {2}line 3: select nowhere\n +\^/,
    );
    const { rows } = await client.query(
      `select to_regclass('kept') as kept, to_regclass('gone') as gone`,
    );
    expect(rows).toEqual([{ kept: 'kept', gone: null }]);
    const mended = file(1, 'create table gone (id int)');
    expect(await applyMigrations(client, { ...options, files: [good, mended] })).toEqual([mended]);
  });

  it('writes the ledger that drizzle writes, and each goes on where the other stopped', async () => {
    const client = await connect();
    const files = migrationFiles();
    const [first] = files;
    if (!first) throw new Error('no migrations');
    await applyMigrations(client, { ...options, files: [first] });
    await drizzleMigrate(client);
    const ours = `select id, hash, created_at from drizzle.__drizzle_migrations order by id`;
    const { rows } = await client.query(ours);
    expect(rows).toEqual(
      files.map(({ hash, createdAt }, index) => ({
        id: index + 1,
        hash,
        created_at: `${createdAt}`,
      })),
    );
    expect(await applyMigrations(client, options)).toEqual([]);
  });

  it.each([
    [
      'a statement without a position',
      'create table t (id int primary key);\n--> statement-breakpoint\ninsert into t values (1), (1)',
      /duplicate key value .* \(23505\)\n {2}line 3: insert into t values \(1\), \(1\)\n {10}\^$/,
    ],
    [
      'the commit',
      'create table t (id int unique deferrable initially deferred);\n--> statement-breakpoint\ninsert into t values (1), (1)',
      /^Migration 0000_x failed and was rolled back: duplicate key value .* \(23505\)$/,
    ],
  ])('says what failed, %s', async (_, sql, message) => {
    const client = await connect();
    await expect(
      applyMigrations(client, { ...options, files: [file(0, sql)] }),
    ).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringMatching(message) });
    const { rows } = await client.query(`select to_regclass('t') as t`);
    expect([rows, await readLedger(client)]).toEqual([[{ t: null }], []]);
  });

  it('applies once when eight do it at the same time', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => connect()));
    const files = [file(0, 'create table once (id int)'), file(1, 'select pg_sleep(0.1)')];
    const results = await Promise.all(
      clients.map((client) => applyMigrations(client, { ...options, files })),
    );
    expect(results.map((applied) => applied.length).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 2]);
  });

  it('names who holds the lock when it may wait no longer', async () => {
    const [holder, waiter] = await Promise.all([connect(), connect()]);
    const slow = applyMigrations(holder, { ...options, files: [file(0, 'select pg_sleep(1)')] });
    await waitFor(async () => {
      const { rows } = await waiter.query(
        `select 1 from pg_stat_activity where query like 'select pg_sleep%'`,
      );
      return rows.length > 0;
    });
    await expect(
      applyMigrations(waiter, { ...options, files: [file(0, 'select 1')], waitMillis: 0 }),
    ).rejects.toMatchObject({
      code: 'MIGRATION_LOCKED',
      message: expect.stringMatching(/^Another migration is running: postgres from .*pid \d+/),
    });
    await slow;
  });

  it('leaves ledger and catalogue agreeing when its session is ended in the middle', async () => {
    const [client, other] = await Promise.all([connect(), connect()]);
    const files = [
      file(0, 'create table half (id int);\n--> statement-breakpoint\nselect pg_sleep(30)'),
    ];
    const attempt = applyMigrations(client, { ...options, files }).catch((error) => error);
    await waitFor(async () => {
      const { rows } = await other.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(30)%' and datname = current_database()`,
      );
      return rows.length > 0;
    });
    expect(await attempt).toBeInstanceOf(Error);
    const { rows } = await other.query(`select to_regclass('half') as half`);
    expect(rows).toEqual([{ half: null }]);
    expect(await readLedger(other)).toEqual([]);
    const quick = [file(0, 'create table half (id int)')];
    expect(await applyMigrations(other, { ...options, files: quick })).toEqual(quick);
  });

  it('applies nothing when files and ledger do not fit', async () => {
    const client = await connect();
    await applyMigrations(client, { ...options, files: [file(0, 'select 1')] });
    const edited = [file(0, 'select 2'), file(1, 'create table never (id int)')];
    await expect(applyMigrations(client, { ...options, files: edited })).rejects.toMatchObject({
      code: 'LEDGER_DIVERGED',
    });
    const { rows } = await client.query(`select to_regclass('never') as never`);
    expect(rows).toEqual([{ never: null }]);
  });
});

describe('claimDatabase', () => {
  it('claims once when eight do it at the same time', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, () => connect()));
    await Promise.all(clients.map((client) => claimDatabase(client, 'staging')));
    const { rows } = await (await connect()).query('select name from spire.environment');
    expect(rows).toEqual([{ name: 'staging' }]);
  });

  it('claims once, and not for another', async () => {
    const client = await connect();
    expect(await readFingerprint(client)).toBeUndefined();
    await claimDatabase(client, 'staging');
    await claimDatabase(client, 'staging');
    await expect(claimDatabase(client, 'production')).rejects.toMatchObject({
      code: 'ENVIRONMENT_MISMATCH',
    });
    expect(await readFingerprint(client)).toBe('staging');
  });
});

describe('reclaimDatabase', () => {
  it('gives another name to a copy, unless it has another one by now', async () => {
    const client = await connect();
    await claimDatabase(client, 'production');
    await reclaimDatabase(client, 'production', 'staging');
    await expect(reclaimDatabase(client, 'production', 'development')).rejects.toMatchObject({
      code: 'ENVIRONMENT_MISMATCH',
    });
    expect(await readFingerprint(client)).toBe('staging');
  });
});

/** drizzle's own migrator, which the schema's package brings. */
async function drizzleMigrate(client: pg.Client): Promise<void> {
  const { resolve } = createRequire(import.meta.resolve('@spire/schema'));
  const { drizzle } = await import(resolve('drizzle-orm/node-postgres'));
  const { migrate } = await import(resolve('drizzle-orm/node-postgres/migrator'));
  const migrationsFolder = fileURLToPath(
    new URL('../migrations', import.meta.resolve('@spire/schema')),
  );
  await migrate(drizzle(client), { migrationsFolder });
}
