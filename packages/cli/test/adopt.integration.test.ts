import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPractice } from './practice-databases.ts';

// What `migrate adopt` says of databases that aren't quite what Alembic should have left.

let practice: Awaited<ReturnType<typeof startPractice>>;
beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.end());

/** A copy of staging as Alembic left it, after some SQL of its owner's. */
async function copyOfStaging(name: string, sql: string) {
  const home = await practice.staging(name, 'spire_staging');
  await practice.runAs('spirestage', name, sql);
  return home;
}

it.each([
  [
    'several heads',
    'split',
    `insert into alembic_version values ('5b2e07c41d9a')`,
    /names several heads, 5b2e07c41d9a and 9a18fa4a434f/,
  ],
  [
    'no word of Alembic',
    'unmanaged',
    'drop table alembic_version',
    /Alembic says nothing of it, so nobody knows what it is/,
  ],
])('%s: nothing is adopted', async (_, state, sql, why) => {
  const home = await copyOfStaging(state, sql);
  expect(await home.json('migrate', 'adopt', '--dry-run')).toMatchObject({ state, adopted: false });
  const { exitCode, stderr } = await home.spire(['migrate', 'adopt']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(why);
  expect(stderr).toMatch(/-> Nothing was changed\.\n {2}ADOPTION_IMPOSSIBLE/);
});

it('an empty database is no database to adopt, but one to migrate', async () => {
  const home = await practice.staging('nothing');
  const { error } = await home.json('migrate', 'adopt');
  expect(error).toMatchObject({
    code: 'ADOPTION_IMPOSSIBLE',
    message: "staging wasn't adopted: it is empty.",
    suggestions: ['Make its tables: spire migrate up -e staging', 'Nothing was changed.'],
  });
  expect((await home.json('migrate', 'up')).applied).toHaveLength(13);
});

it('an unknown head is named, and the tables decide', async () => {
  const home = await copyOfStaging('unknown', `update alembic_version set version_num = 'f00'`);
  const found = await home.json('migrate', 'adopt');
  expect(found).toMatchObject({ heads: ['f00'], adopted: true });
  expect(found.findings).toEqual([
    "Alembic is at f00, which Spire doesn't know: an older revision, or one of another tree.",
  ]);
});

describe('the revision that fails as it was written', () => {
  const run = `select cluster_id, run_id from history where run_id is not null`;

  it('is carried over where half of it is there', async () => {
    const home = await copyOfStaging(
      'half',
      `alter table history add column cluster_id varchar(100), add column run_id integer;
       update history set cluster_id = 'c1', run_id = 7
       where id = (select id from history where status = 'success' and stage = 'training' limit 1)`,
    );
    const found = await home.json('migrate', 'adopt');
    expect(found).toMatchObject({ adopted: true, differences: [] });
    expect(found.findings[1]).toMatch(/^history\.cluster_id, history\.run_id: of 9713d3159095/);
    expect((await home.json('migrate', 'up')).applied).toHaveLength(12);
    const { rows } = await home.json('db', 'query', run);
    expect(rows).toEqual([['c1', '7']]);
  });

  it('is carried over where all of it is there, once its table of latest runs is dropped', async () => {
    const home = await copyOfStaging(
      'whole',
      `alter table history add column cluster_id varchar(100), add column run_id integer,
         add column modified_at timestamp;
       update history set arg_date = coalesce(arg_date, execution_date, '2020-01-01');
       alter table history alter column arg_date set not null;
       create table history_latest (workflow_id uuid, stage varchar(50), arg_date timestamp, history_id uuid);
       update alembic_version set version_num = '9713d3159095'`,
    );
    const found = await home.json('migrate', 'adopt', '--dry-run');
    expect(found.state).toBe('differs');
    expect(found.findings.join('\n')).toMatch(
      /history_latest looks like 9713d3159095's table of latest runs/,
    );
    expect(found.differences).toMatchObject([
      { words: "there is a table history_latest, which the migrations don't make" },
    ]);
    const file = join(home.directory, 'repair.sql');
    await home.spire(['migrate', 'adopt', '--write-repair', file]);
    await practice.runAs('spirestage', 'whole', readFileSync(file, 'utf8'));
    rmSync(file);
    expect(await home.json('migrate', 'adopt')).toMatchObject({ adopted: true });
    expect((await home.json('migrate', 'up')).applied).toHaveLength(12);
    expect((await home.json('migrate', 'drift')).differences).toEqual([]);
  });
});
