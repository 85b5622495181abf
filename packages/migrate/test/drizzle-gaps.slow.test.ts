import { join } from 'node:path';
import { journalProblems, readFolder } from '@spire/schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  adoptDatabase,
  applyMigrations,
  inspectDrift,
  lintMigration,
  planAdoption,
  readLedger,
  revertMigrations,
} from '../src/index.ts';
import { DrizzleProject } from './drizzle-kit.ts';
import { migration, statements } from './migration-file.ts';
import { useTestDatabase } from './test-database.ts';
import { waitFor } from './wait-for.ts';

// Why Spire has a runner of its own: each gap of drizzle-kit's, seen, and what Spire does there.

const database = useTestDatabase('gaps');
const actor = { name: 'test', toolVersion: '0' };
let project: DrizzleProject;
beforeEach(() => {
  project = new DrizzleProject();
});
afterEach(() => project.remove());

async function has(table: string): Promise<boolean> {
  const { rows } = await (await database.connect()).query(
    'select to_regclass($1) is not null as found',
    [table],
  );
  return rows[0].found;
}

describe('1. a migration older than the newest applied one', () => {
  it('is skipped by drizzle-kit, which reports success; Spire names it', async () => {
    project.tables('');
    project.migrations({ '1000_a': 'create table a ();', '3000_c': 'create table c ();' });
    expect((await project.kit(['migrate'], database.url)).exitCode).toBe(0);
    // Another branch, merged later.
    project.migrations({
      '1000_a': 'create table a ();',
      '2000_b': 'create table b ();',
      '3000_c': 'create table c ();',
    });
    const { exitCode, output } = await project.kit(['migrate'], database.url);
    expect([exitCode, await has('b')]).toEqual([0, false]);
    expect(output).toMatch(/applied successfully/);

    const client = await database.connect();
    await expect(applyMigrations(client, { actor, files: project.files() })).rejects.toMatchObject({
      code: 'LEDGER_DIVERGED',
      message: expect.stringContaining('2000_b is older than the newest applied migration'),
    });
  });
});

describe('2. two that migrate at the same time', () => {
  it('run the same file with drizzle-kit; with Spire one waits for the other', async () => {
    project.tables('');
    // Both have read the ledger before one of them is done.
    project.migrations({ '1000_a': statements('select pg_sleep(3);', 'create table a ();') });
    const both = await Promise.all([1, 2].map(() => project.kit(['migrate'], database.url)));
    expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);

    const sessions = [await database.connect(), await database.connect()];
    const files = [...project.files(), migration(2000, 'create table b ();')];
    const applied = await Promise.all(
      sessions.map((session) => applyMigrations(session, { actor, files })),
    );
    expect(applied.map(({ length }) => length).sort()).toEqual([0, 1]);
  }, 60_000);
});

describe('3. a statement that no transaction takes', () => {
  it('fails with drizzle-kit, and all files before it are lost; Spire runs it', async () => {
    project.tables('');
    project.migrations({
      '1000_a': 'create table a (id int);',
      '2000_b': '-- spire:no-transaction\ncreate index concurrently if not exists a_idx on a (id);',
    });
    const { exitCode } = await project.kit(['migrate'], database.url);
    expect([exitCode, await has('a')]).toEqual([1, false]);

    const client = await database.connect();
    expect(await applyMigrations(client, { actor, files: project.files() })).toHaveLength(2);
    expect(await has('a_idx')).toBe(true);
  });
});

describe('4. no baseline, and no look at what was applied', () => {
  it('an edited file passes unnoticed by drizzle-kit; Spire names it', async () => {
    project.tables('');
    project.migrations({ '1000_a': 'create table a ();' });
    await project.kit(['migrate'], database.url);
    project.migrations({ '1000_a': 'create table a (id int);' });
    expect((await project.kit(['migrate'], database.url)).exitCode).toBe(0);

    const client = await database.connect();
    await expect(applyMigrations(client, { actor, files: project.files() })).rejects.toMatchObject({
      code: 'LEDGER_DIVERGED',
      message: expect.stringContaining('1000_a was changed after it was applied'),
    });
  });

  it('a database that is there already stops drizzle-kit; Spire proves it equal and adopts it', async () => {
    const client = await database.connect();
    const baseline = 'create table a (id int primary key);';
    await client.query(`${baseline}
      create table alembic_version (version_num varchar(32) primary key);
      insert into alembic_version values ('9a18fa4a434f')`);
    project.tables('');
    project.migrations({ '1000_a': baseline, '2000_b': 'create table b ();' });
    expect((await project.kit(['migrate'], database.url)).exitCode).toBe(1);

    const shadow = await shadowDatabase();
    const plan = await planAdoption(client, shadow, project.files());
    expect(plan.state).toBe('ready');
    await adoptDatabase(client, plan, 'staging', actor, project.files());
    expect(await applyMigrations(client, { actor, files: project.files() })).toHaveLength(1);
  });
});

describe('5. two branches that both added a migration', () => {
  it('pass drizzle-kit, which exits with 0; Spire names them', async () => {
    project.tables(`export const a = pg.pgTable('a', { id: pg.integer() });`);
    expect((await project.kit(['generate', '--name', 'a'])).exitCode).toBe(0);
    project.tables(`export const a = pg.pgTable('a', { id: pg.integer(), b: pg.integer() });`);
    expect((await project.kit(['generate', '--name', 'b'])).exitCode).toBe(0);
    const folder = join(project.directory, 'migrations');
    const [first, second] = ['0000', '0001'].map((number) =>
      JSON.parse(readFolder(folder).get(`meta/${number}_snapshot.json`) ?? ''),
    );
    // What a merge leaves behind: a third that follows the first.
    project.write('migrations/meta/0002_snapshot.json', {
      ...second,
      id: 'other',
      prevId: first.id,
    });
    const journal = JSON.parse(readFolder(folder).get('meta/_journal.json') ?? '');
    const last = journal.entries.at(-1);
    journal.entries.push({ ...last, idx: 2, tag: '0002_c', when: last.when + 1 });
    project.write('migrations/meta/_journal.json', journal);
    project.write('migrations/0002_c.sql', 'select 1;');

    project.tables(`export const a = pg.pgTable('a', { id: pg.integer() });`);
    const { exitCode, output } = await project.kit(['generate', '--name', 'd']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/collision/);
    expect(readFolder(folder).has('0003_d.sql')).toBe(false);
    expect(journalProblems(readFolder(folder), Date.now() + 1000)).toEqual([
      "0002_c: meta/0002_snapshot.json doesn't follow the snapshot before",
    ]);
  });

  it('a question that nobody can answer is a success of drizzle-kit', async () => {
    project.tables(`export const a = pg.pgTable('a', { id: pg.integer(), b: pg.integer() });`);
    await project.kit(['generate', '--name', 'a']);
    project.tables(`export const a = pg.pgTable('a', { id: pg.integer(), c: pg.integer() });`);
    const { exitCode } = await project.kit(['generate', '--name', 'b']);
    const made = [...readFolder(join(project.directory, 'migrations')).keys()];
    // What Spire makes of it is a test of `spire migrate new`.
    expect([exitCode, made.filter((file) => file.endsWith('.sql'))]).toEqual([0, ['0000_a.sql']]);
  });
});

describe('6. no lint, no time limits, no way back', () => {
  it('drizzle-kit waits for a lock for as long as it takes, and writers behind it; Spire lets them pass', async () => {
    const [reader, writer, watcher] = [
      await database.connect(),
      await database.connect({ lock_timeout: 2000 }),
      await database.connect(),
    ];
    await writer.query('create table a (id int)');
    await reader.query('begin; select * from a');
    project.tables('');
    project.migrations({ '1000_a': 'alter table a add column b int;' });
    const waiting = async () => {
      const { rows } = await watcher.query(
        `select 1 from pg_stat_activity where datname = current_database()
         and wait_event_type = 'Lock' and query like 'alter table%'`,
      );
      return rows.length > 0;
    };
    const kit = project.kit(['migrate'], database.url);
    await waitFor(waiting);
    await expect(writer.query('insert into a values (1)')).rejects.toMatchObject({ code: '55P03' });
    await reader.query('commit');
    await kit;

    await reader.query('begin; select * from a');
    const client = await database.connect({ lock_timeout: 500 });
    const migrating = applyMigrations(client, {
      actor,
      files: [...project.files(), migration(2000, 'alter table a add column c int;')],
    });
    await waitFor(waiting);
    await writer.query('insert into a values (1)');
    await reader.query('commit');
    expect(await migrating).toHaveLength(1);
  }, 60_000);

  it('drizzle-kit lets a dropped table pass, and has no way back; Spire has both', async () => {
    project.tables('');
    project.migrations({ '1000_a': 'create table a ();', '2000_b': 'drop table a;' });
    expect((await project.kit(['check'])).exitCode).toBe(0);
    const dropping = await lintMigration(project.files()[1] ?? migration(0, ''));
    expect(dropping.map(({ rule }) => rule)).toEqual(['no-way-back', 'ban-drop-table']);

    const { output } = await project.kit(['--help']);
    expect(output).not.toMatch(/down|revert|rollback/i);
    project.write('migrations/1000_a.down.sql', 'drop table a;');
    const client = await database.connect();
    const [first] = project.files();
    if (!first) throw new Error('no file');
    await applyMigrations(client, { actor, files: [first] });
    expect(await revertMigrations(client, { files: [first] })).toEqual([first]);
    expect([await has('a'), await readLedger(client)]).toEqual([false, []]);
  });
});

describe('7. blind to drift', () => {
  it('drizzle-kit push sees no changed check; Spire does', async () => {
    const declared = `create table "a" ("id" integer, constraint "a_check" check ("a"."id" > 0));`;
    project.tables(
      `import { sql } from 'drizzle-orm';
       export const a = pg.pgTable('a', { id: pg.integer() }, (t) => [pg.check('a_check', sql\`\${t.id} > 0\`)]);`,
    );
    project.migrations({ '1000_a': declared });
    const client = await database.connect();
    await applyMigrations(client, { actor, files: project.files() });
    await client.query(
      'alter table a drop constraint a_check; alter table a add constraint a_check check (id > 100)',
    );
    const { exitCode, output } = await project.kit(['push'], database.url);
    expect(exitCode).toBe(0);
    const { rows } = await client.query(
      `select pg_get_constraintdef(oid) as check from pg_constraint where conname = 'a_check'`,
    );
    expect([output.includes('No changes detected'), rows]).toEqual([
      true,
      [{ check: 'CHECK ((id > 100))' }],
    ]);

    const { differences } = await inspectDrift(client, await shadowDatabase(), project.files());
    expect(differences).toMatchObject([{ kind: 'constraint', name: 'a_check', change: 'changed' }]);
  });
});

async function shadowDatabase() {
  const name = `gaps_shadow_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const { server } = database;
  const shadow = await database.connect({ connectionString: await server.createDatabase(name) });
  return shadow;
}
