import { describe, expect, it } from 'vitest';
import {
  type ApplyStep,
  applyMigrations,
  planHash,
  planMigrations,
  planRepairs,
  readLedger,
  repairLedger,
  revertMigrations,
  selectPending,
} from '../src/index.ts';
import { migration, statements } from './migration-file.ts';
import { useTestDatabase } from './test-database.ts';
import { waitFor } from './wait-for.ts';

const database = useTestDatabase('runner');
const actor = { name: 'ann', toolVersion: '1.2.3' };
const one = migration(0, 'create table one (id int);', 'drop table one;');
const two = migration(1, 'create table two (id int);', 'drop table two;');
const three = migration(2, 'create table three (id int);');

const tablesOf = `select coalesce(string_agg(relname, ' ' order by relname), '') as tables
  from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;

describe('locks of others', () => {
  const add = migration(0, 'alter table busy add column more int;');

  it('are waited for in attempts, and the file is tried again as a whole', async () => {
    const other = await database.connect();
    await other.query('create table busy (id int)');
    const client = await database.connect({ lock_timeout: 200 });
    await other.query('begin; select * from busy');
    const blocked: ApplyStep[] = [];
    const file = migration(0, statements('create table first (id int);', add.sql));
    const applied = await applyMigrations(client, {
      actor,
      files: [file],
      onStep: async (step) => {
        if (step.kind !== 'blocked') return;
        blocked.push(step);
        if (blocked.length === 2) await other.query('commit');
      },
    });
    expect(applied).toEqual([file]);
    expect(blocked).toEqual([
      expect.objectContaining({
        holders: [expect.stringMatching(/^postgres .*idle in transaction/)],
      }),
      expect.anything(),
    ]);
  });

  it('are named when the time is up, and nothing of the file stays', async () => {
    const other = await database.connect({ application_name: 'a report' });
    await other.query('create table busy (id int)');
    await other.query('begin; select * from busy');
    const client = await database.connect({ lock_timeout: 100 });
    const file = migration(0, statements('create table first (id int);', add.sql));
    await expect(
      applyMigrations(client, { actor, files: [file], retryMillis: 0 }),
    ).rejects.toMatchObject({
      code: 'MIGRATION_BLOCKED',
      message: expect.stringMatching(/lock timeout \(55P03\)\n {2}line 3: .*a report, pid \d+/s),
    });
    const { rows } = await client.query(tablesOf);
    expect(rows).toEqual([{ tables: 'busy' }]);
    await other.query('rollback');
  });

  it('are limited by the connection, whatever a file sets', async () => {
    const other = await database.connect();
    await other.query('create table busy (id int)');
    await other.query('begin; select * from busy');
    const client = await database.connect({ lock_timeout: 100 });
    const files = [
      migration(0, `set lock_timeout = 0; set search_path = pg_temp;`),
      migration(1, add.sql),
    ];
    await expect(applyMigrations(client, { actor, files, retryMillis: 0 })).rejects.toMatchObject({
      code: 'MIGRATION_BLOCKED',
    });
    await other.query('rollback');
    expect(await applyMigrations(client, { actor, files })).toHaveLength(1);
  });
});

describe('a file without a transaction', () => {
  const table = migration(0, 'create table rows as select 1 as id from generate_series(1, 2);');
  const build = migration(
    1,
    '-- spire:no-transaction\ncreate unique index concurrently if not exists rows_idx on rows (id);',
  );

  it('leaves no invalid index unnoticed: it is named, dropped when asked to, and built anew', async () => {
    const client = await database.connect();
    const files = [table, build];
    await expect(applyMigrations(client, { actor, files })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(
        /and left an invalid index, public\.rows_idx: could not create unique/,
      ),
    });
    await client.query('delete from rows where ctid = (select min(ctid) from rows)');
    // Without a look at it, "if not exists" would be content with what is there.
    await expect(applyMigrations(client, { actor, files })).rejects.toMatchObject({
      code: 'INDEX_INVALID',
    });
    expect(await readLedger(client)).toHaveLength(1);
    expect(await applyMigrations(client, { actor, files, dropInvalidIndexes: true })).toEqual([
      build,
    ]);
    const { rows } = await client.query(
      `select indisvalid from pg_index where indexrelid = 'rows_idx'::regclass`,
    );
    expect(rows).toEqual([{ indisvalid: true }]);
  });

  it.each([
    [
      'two statements',
      statements('-- spire:no-transaction\nselect 1;', 'select 2;'),
      /it may have one/,
    ],
    [
      'two statements without a breakpoint',
      '-- spire:no-transaction\nselect 1; select 2;',
      /multiple commands/,
    ],
  ])('has one statement, not %s', async (_, sql, message) => {
    const client = await database.connect();
    await expect(
      applyMigrations(client, { actor, files: [migration(0, sql)] }),
    ).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringMatching(message) });
    expect(await readLedger(client)).toEqual([]);
  });

  it('waits for old transactions for longer than for locks', async () => {
    const client = await database.connect({ lock_timeout: 50 });
    // Within a transaction, what others do looks as it did at first.
    const [other, watcher] = [await database.connect(), await database.connect()];
    await applyMigrations(client, { actor, files: [migration(0, 'create table rows (id int);')] });
    await other.query('begin; insert into rows values (1)');
    const building = applyMigrations(client, {
      actor,
      files: [migration(0, 'create table rows (id int);'), build],
    });
    await waitFor(async () => {
      const { rows } = await watcher.query(
        `select 1 from pg_stat_progress_create_index where phase like 'waiting%'`,
      );
      return rows.length > 0;
    });
    await other.query('commit');
    expect(await building).toEqual([build]);
    const { rows } = await client.query('show lock_timeout');
    expect(rows).toEqual([{ lock_timeout: '50ms' }]);
  });
});

describe('what is applied', () => {
  it('ends with the one that is named', async () => {
    const client = await database.connect();
    const files = [one, two, three];
    expect(await applyMigrations(client, { actor, files, to: '0001_x' })).toEqual([one, two]);
    await expect(applyMigrations(client, { actor, files, to: '0009_x' })).rejects.toMatchObject({
      code: 'MIGRATION_UNKNOWN',
    });
  });

  it('includes a late file only when asked to', async () => {
    const client = await database.connect();
    await applyMigrations(client, { actor, files: [one, three] });
    const files = [one, two, three];
    await expect(applyMigrations(client, { actor, files })).rejects.toMatchObject({
      code: 'LEDGER_DIVERGED',
      message: expect.stringContaining('0001_x is older than the newest applied migration'),
    });
    expect(await applyMigrations(client, { actor, files, outOfOrder: true })).toEqual([two]);
    expect(await applyMigrations(client, { actor, files })).toEqual([]);
  });

  it('is the plan that was reviewed, or nothing', async () => {
    const client = await database.connect();
    const files = [one, two];
    const hash = planHash('staging', 'up', [], files);
    const reviewed = { environment: 'staging', hash };
    await applyMigrations(client, { actor, files: [one] });
    await expect(applyMigrations(client, { actor, files, reviewed })).rejects.toMatchObject({
      code: 'PLAN_CHANGED',
    });
    const now = planHash(
      'staging',
      'up',
      await readLedger(client),
      selectPending(files, await readLedger(client)),
    );
    expect(now).not.toBe(hash);
    expect(planHash('production', 'up', await readLedger(client), [two])).not.toBe(now);
    expect(
      await applyMigrations(client, {
        actor,
        files,
        reviewed: { environment: 'staging', hash: now },
      }),
    ).toEqual([two]);
  });

  it('goes to public, also for a role with a schema of its own name', async () => {
    const admin = await database.connect();
    const { rows } = await admin.query('select current_user as me');
    await admin.query(`create schema "${rows[0].me}"`);
    await applyMigrations(admin, { actor, files: [one] });
    const { rows: found } = await admin.query(
      `select relnamespace::regnamespace::text as schema from pg_class where relname = 'one'`,
    );
    expect(found).toEqual([{ schema: 'public' }]);
  });
});

describe('a file with a transaction of its own', () => {
  it.each(['commit', 'BEGIN', 'rollback to x', 'start transaction', 'end'])(
    'is not run: %s',
    async (word) => {
      const client = await database.connect();
      const file = migration(0, statements('create table half ();', `select 1; ${word};`));
      await expect(applyMigrations(client, { actor, files: [file] })).rejects.toMatchObject({
        code: 'MIGRATION_FAILED',
        message: expect.stringContaining("wasn't run"),
      });
      expect((await client.query(tablesOf)).rows).toEqual([{ tables: '' }]);
    },
  );

  it('is not taken for one by a function or a string', async () => {
    const client = await database.connect();
    const file = migration(
      0,
      `create function f() returns int language plpgsql as $$ begin return 1; end; $$; select '; commit;';`,
    );
    expect(await applyMigrations(client, { actor, files: [file] })).toEqual([file]);
  });
});

describe('revertMigrations', () => {
  it('takes back the newest, or down to one, and applies them again', async () => {
    const client = await database.connect();
    const files = [one, two];
    await applyMigrations(client, { actor, files });
    expect(await revertMigrations(client, { files })).toEqual([two]);
    expect((await readLedger(client)).map(({ tag }) => tag)).toEqual(['0000_x']);
    expect(await applyMigrations(client, { actor, files })).toEqual([two]);
    expect(await revertMigrations(client, { files, to: '0000_x' })).toEqual([two]);
    expect(await revertMigrations(client, { files })).toEqual([one]);
    const { rows } = await client.query(tablesOf);
    expect([rows, await readLedger(client)]).toEqual([[{ tables: '' }], []]);
  });

  it('takes back nothing when one of them has no way back', async () => {
    const client = await database.connect();
    const stuck = migration(
      1,
      '-- spire:irreversible its rows would go\ncreate table two (id int);',
    );
    const last = migration(2, 'select 1;', 'select 1;');
    const files = [one, stuck, last];
    await applyMigrations(client, { actor, files });
    await expect(revertMigrations(client, { files, to: '0000_x' })).rejects.toMatchObject({
      code: 'MIGRATION_IRREVERSIBLE',
      message: "Migration 0001_x can't be taken back: its rows would go.",
    });
    expect(await readLedger(client)).toHaveLength(3);
  });

  it('says where a way back fails, and leaves all as it was', async () => {
    const client = await database.connect();
    const bad = migration(
      1,
      'create table two (id int);',
      statements('drop table two;', 'drop table nowhere;'),
    );
    await applyMigrations(client, { actor, files: [one, bad] });
    await expect(revertMigrations(client, { files: [one, bad] })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(
        /^Migration 0001_x\.down failed .*\n {2}line 3: drop table nowhere;/,
      ),
    });
    const { rows } = await client.query(tablesOf);
    expect([rows, (await readLedger(client)).length]).toEqual([[{ tables: 'one two' }], 2]);
  });
});

describe('repairLedger', () => {
  const edited = migration(0, 'create table one (id int); -- a comment');

  it.each([
    ['an edited file', [one], [edited], '0000_x', 'edited'],
    ['a file that is gone', [one, two], [one], '0001_x', 'future'],
    [
      'a late file that somebody ran by hand',
      [one, three],
      [one, two, three],
      '0001_x',
      'out-of-order',
    ],
  ] as const)('settles %s, and keeps who did it and why', async (_, applied, files, tag, kind) => {
    const client = await database.connect();
    await applyMigrations(client, { actor, files: applied });
    const before = await client.query(tablesOf);
    const { problems } = planMigrations(files, await readLedger(client));
    expect(planRepairs(problems)).toEqual([{ tag, kind, change: expect.any(String) }]);
    await repairLedger(client, { tag, reason: 'because', actor, files });
    expect(planMigrations(files, await readLedger(client))).toMatchObject({
      pending: [],
      problems: [],
    });
    expect((await client.query(tablesOf)).rows).toEqual(before.rows);
    const { rows } = await client.query('select tag, reason, actor from spire.repairs');
    expect(rows).toEqual([{ tag, reason: 'because', actor: 'ann' }]);
  });

  it.each([
    [
      'a row that stands twice',
      'insert into drizzle.__drizzle_migrations (hash, created_at) select hash, created_at from drizzle.__drizzle_migrations where id = 1',
      '0000_x',
      'duplicate',
    ],
    [
      "a row that drizzle's ledger lost",
      'delete from drizzle.__drizzle_migrations where id = 1',
      '0000_x',
      'lost',
    ],
    [
      "the newest row that drizzle's ledger lost",
      'delete from drizzle.__drizzle_migrations where id = 2',
      '0001_x',
      'lost',
    ],
    [
      'a row without a time',
      `insert into drizzle.__drizzle_migrations (hash) values ('abc')`,
      'abc',
      'missing',
    ],
    [
      'a row of no time that there is',
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('abc', 9223372036854775807)`,
      'abc',
      'future',
    ],
  ])('settles %s, and nothing is run twice', async (_, damage, tag, kind) => {
    const client = await database.connect();
    const files = [one, two];
    await applyMigrations(client, { actor, files });
    await client.query(damage);
    await expect(applyMigrations(client, { actor, files })).rejects.toMatchObject({
      code: 'LEDGER_DIVERGED',
    });
    const { problems } = planMigrations(files, await readLedger(client));
    expect(planRepairs(problems)).toMatchObject([{ tag, kind }]);
    await repairLedger(client, { tag, reason: 'because', actor, files });
    expect(planMigrations(files, await readLedger(client))).toMatchObject({
      pending: [],
      problems: [],
    });
    expect(await applyMigrations(client, { actor, files })).toEqual([]);
    const { rows } = await client.query('select count(*)::int from drizzle.__drizzle_migrations');
    expect(rows).toEqual([{ count: 2 }]);
  });

  it('refuses what is in order', async () => {
    const client = await database.connect();
    await applyMigrations(client, { actor, files: [one] });
    await expect(
      repairLedger(client, { tag: '0000_x', reason: 'because', actor, files: [one] }),
    ).rejects.toMatchObject({ code: 'REPAIR_REFUSED' });
  });
});
