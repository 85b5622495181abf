import { compareCatalogues, readCatalogue, readFingerprint, readLedger } from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import { expect, it } from 'vitest';
import {
  type CopyOptions,
  planUndo,
  rebuild,
  rebuildEmpty,
  refresh,
  undoTransfer,
} from '../src/index.ts';
import { contentOf } from './content-of.ts';
import { actor, type TestSide } from './open-side.ts';
import { insertSampleRows } from './sample-rows.ts';
import { useSides } from './two-databases.ts';

const sides = useSides('rebuild');
const options: CopyOptions = { actor, target: { environment: 'development' }, jobs: 2 };
const tags = migrationFiles().map(({ tag }) => tag);

/** A database as Alembic left it. */
async function legacy(environment: string): Promise<TestSide> {
  const side = await sides.empty(environment);
  await side.client.query(migrationFiles()[0]?.sql ?? '');
  await side.client.query(`
    create table alembic_version (version_num varchar(32) primary key);
    insert into alembic_version values ('9a18fa4a434f');
    insert into workflows (id, name, description, enabled)
      select gen_random_uuid(), 'spire_adobe_' || n, 'x', true from generate_series(1, 9) n;
    insert into history (id, workflow_id, stage, arg_date, execution_date, stats, info, status, warnings, error)
      select gen_random_uuid(), id, 'training', '2026-01-02', '2026-01-03', '{}', '{}', 'failed', '{}', 'canary-error'
      from workflows;
    insert into history (id, workflow_id, stage, stats, info, status, warnings, error)
      values (gen_random_uuid(), null, 'training', '{}', '{}', 'failed', '{}', 'canary-error')`);
  return side;
}

/** A database that nobody knows any more: older tables, others' objects, a type, a function. */
async function dirty(environment: string): Promise<TestSide> {
  const side = await sides.empty(environment);
  await side.client.query(`
    create table alembic_version (version_num varchar(32) primary key);
    insert into alembic_version values ('0000deadbeef');
    create type mood as enum ('sad', 'ok');
    create table workflows (id serial primary key, name text, mood mood default 'ok');
    insert into workflows (name) values ('old'), ('older');
    create view names as select name from workflows;
    create materialized view counted as select count(*) from workflows;
    create function one() returns int language sql as 'select 1';
    create sequence free_numbers start 7;
    create table parted (at date) partition by range (at);
    create table parted_1 partition of parted for values from ('2026-01-01') to ('2026-02-01')`);
  return side;
}

async function requireModern({ client, environment }: TestSide): Promise<void> {
  const model = await sides.modern(environment);
  const differences = compareCatalogues(
    await readCatalogue(model.client),
    await readCatalogue(client),
  );
  expect(differences.map(({ words }) => words)).toEqual([]);
  expect((await readLedger(client)).map(({ tag }) => tag)).toEqual(tags);
  await expect(readFingerprint(client)).resolves.toBe(environment);
}

/** That it is development is true whatever its tables are. */
const CLAIM = { 'spire.environment': expect.any(String) };

async function undo({ client, environment }: TestSide): Promise<void> {
  await undoTransfer(client, environment, await planUndo(client, environment));
}

it('builds a dirty database anew from a source that Alembic manages, and the undo brings it back', async () => {
  const [source, target] = [await legacy('staging'), await dirty('development')];
  const before = await contentOf(target.client);
  const receipt = await rebuild(source, target, options);
  expect(receipt).toMatchObject({ kind: 'rebuild', source: 'staging' });
  await requireModern(target);
  const { rows } = await target.client.query(`
    select (select count(*)::int from workflows) as workflows, (select count(*)::int from history) as runs,
      (select count(*)::int from spire.quarantine) as "setAside",
      (select count(*)::int from workflows where enabled) as enabled,
      (select count(*)::int from spire.quarantine q where q::text ~ 'canary') as canaries`);
  expect(rows).toEqual([{ workflows: 9, runs: 9, setAside: 1, enabled: 0, canaries: 0 }]);

  await undo(target);
  expect(await contentOf(target.client)).toEqual({ ...before, ...CLAIM });
});

it('lets workflows be chosen at the newest migration only', async () => {
  const [source, target] = [await legacy('staging'), await legacy('development')];
  await expect(
    refresh(source, target, { ...options, filter: { workflows: 'spire_*' } }),
  ).rejects.toMatchObject({
    code: 'HEADS_DIFFER',
    message: expect.stringMatching(/^Both are at Alembic's last revision/),
  });
});

it('builds one anew from a source at the newest migration, ledgers and all', async () => {
  const [source, target] = [await sides.modern('staging'), await sides.modern('development')];
  await insertSampleRows(source.client);
  await target.client.query(
    `delete from drizzle.__drizzle_migrations where id > 3; drop table dfp_orders`,
  );
  const before = await contentOf(target.client);
  await rebuild(source, target, options);
  await requireModern(target);
  await undo(target);
  expect(await contentOf(target.client)).toEqual(before);
});

it('builds one anew without rows', async () => {
  const target = await dirty('development');
  const before = await contentOf(target.client);
  await expect(rebuildEmpty(target, { actor })).resolves.toMatchObject({
    source: null,
    tables: [],
  });
  await requireModern(target);
  await undo(target);
  expect(await contentOf(target.client)).toEqual({ ...before, ...CLAIM });
});

it('leaves who may read what as it was, also of what migrations make', async () => {
  const target = await sides.modern('development');
  await target.client.query(`
    create role rebuild_reader;
    grant usage on schema drizzle, spire to rebuild_reader;
    grant select on history, drizzle.__drizzle_migrations, spire.migrations to rebuild_reader`);
  await rebuildEmpty(target, { actor });
  await target.client.query('set role rebuild_reader');
  expect(await readLedger(target.client)).toHaveLength(tags.length);
  await target.client.query('select from history; reset role');
  await target.client.query('drop owned by rebuild_reader; drop role rebuild_reader');
});

it('changes nothing when a migration fails on the rows that came', async () => {
  const [source, target] = [await legacy('staging'), await dirty('development')];
  await source.client.query('alter table history alter column execution_date type text');
  const before = await contentOf(target.client);
  await expect(rebuild(source, target, options)).rejects.toMatchObject({
    code: expect.any(String),
  });
  expect(await contentOf(target.client)).toEqual(before);
});
