import { migrationFiles } from '@spire/schema';
import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import {
  adoptDatabase,
  applyMigrations,
  clearShadow,
  closingSql,
  inspectDrift,
  planAdoption,
  readFingerprint,
  readLedger,
} from '../src/index.ts';
import { useTestDatabase } from './test-database.ts';

const database = useTestDatabase('adopt');
const actor = { name: 'ann', toolVersion: '1.2.3' };
const [baseline] = migrationFiles();

/** A database as Alembic left it, and an empty one to compare it in. */
async function legacy(...heads: string[]): Promise<[live: pg.Client, shadow: pg.Client]> {
  const live = await database.connect();
  await live.query(baseline?.sql ?? '');
  await live.query('create table alembic_version (version_num varchar(32) primary key)');
  for (const head of heads) await live.query('insert into alembic_version values ($1)', [head]);
  const url = await database.server.createDatabase(`adopt_shadow_${process.pid}_${Math.random()}`);
  return [live, await database.connect({ connectionString: url })];
}

const WORKFLOW = '00000000-0000-4000-8000-000000000001';
const RUN = '00000000-0000-4000-8000-0000000000e1';
const row = `insert into workflows (id, name, description) values ('${WORKFLOW}', 'a', '');
  insert into history (id, workflow_id, stage, arg_date, execution_date, stats, info, status, warnings)
  values ('${RUN}', '${WORKFLOW}', 'training', '2020-01-02', '2020-01-03', '{}', '{}', 'success', '{}')`;

/** The parts of the revision that fails, as somebody finishes them by hand. */
const COLUMNS = `alter table history add column cluster_id varchar(100), add column run_id integer,
  add column modified_at timestamp;
  update history set cluster_id = '0101-a', run_id = 7, modified_at = '2020-01-04 05:06:07'`;
const REQUIRED = 'alter table history alter column arg_date set not null';
const LATEST = `alter table history add constraint history_pkey primary key (id);
  create table history_latest (
    workflow_id uuid references workflows (id) on delete cascade, stage varchar(50), arg_date timestamp,
    history_id uuid references history (id) on delete cascade
  );
  insert into history_latest values ('${WORKFLOW}', 'training', '2020-01-02', '${RUN}')`;

async function modernised(live: pg.Client, shadow: pg.Client) {
  await applyMigrations(live, { actor });
  await clearShadow(shadow);
  const { differences } = await inspectDrift(live, shadow, migrationFiles());
  const { rows } = await live.query(
    `select cluster_id, run_id, modified_at at time zone 'UTC' = '2020-01-04 05:06:07' as kept from history`,
  );
  return { differences: differences.map(({ words }) => words), rows };
}

describe('a database of Alembic’s', () => {
  it('is adopted: the baseline is recorded, the database claimed, and all else stays', async () => {
    const [live, shadow] = await legacy('9a18fa4a434f');
    await live.query(
      `create role somebody_${process.pid}; grant select on workflows to somebody_${process.pid}`,
    );
    const plan = await planAdoption(live, shadow);
    expect(plan).toMatchObject({
      state: 'ready',
      heads: ['9a18fa4a434f'],
      differences: [],
      ignored: [{ kind: 'grant', change: 'extra' }],
    });
    await adoptDatabase(live, plan, 'staging', actor);
    expect((await readLedger(live)).map(({ tag }) => tag)).toEqual(['0000_baseline']);
    expect(await readFingerprint(live)).toBe('staging');
    const { rows } = await live.query('select version_num from alembic_version');
    expect(rows).toEqual([{ version_num: '9a18fa4a434f' }]);

    await clearShadow(shadow);
    expect(await planAdoption(live, shadow)).toMatchObject({ state: 'adopted' });
    expect(await applyMigrations(live, { actor })).toHaveLength(migrationFiles().length - 1);
    await live.query(`drop owned by somebody_${process.pid}; drop role somebody_${process.pid}`);
  });

  it('that changes after the plan was made is not adopted', async () => {
    const [live, shadow] = await legacy('9a18fa4a434f');
    const plan = await planAdoption(live, shadow);
    await live.query('alter table tags add column more int');
    await expect(adoptDatabase(live, plan, 'staging', actor)).rejects.toMatchObject({
      code: 'ADOPTION_REFUSED',
    });
    expect([await readLedger(live), await readFingerprint(live)]).toEqual([[], undefined]);
  });

  it('with a table that somebody else owns is not adopted, since the next migration would stop there', async () => {
    const [live, shadow] = await legacy('9a18fa4a434f');
    const [mine, other] = [`adopter_${process.pid}`, `other_${process.pid}`];
    await live.query(`create role ${mine}; create role ${other}; grant create on database "${live.database}" to ${mine};
      alter table schedules owner to ${other}; grant select on alembic_version to ${mine}; set role ${mine}`);
    const plan = await planAdoption(live, shadow);
    await expect(adoptDatabase(live, plan, 'staging', actor)).rejects.toMatchObject({
      code: 'ADOPTION_REFUSED',
      message: expect.stringContaining(`schedules (${other})`),
    });
    await live.query(`reset role; drop owned by ${mine}, ${other}; drop role ${mine}, ${other}`);
  });

  it.each([
    ['the columns, which Alembic does not know of', '9a18fa4a434f', [COLUMNS]],
    ['all but the table', '9713d3159095', [COLUMNS, REQUIRED]],
  ])('with parts of 9713d3159095 is adopted and keeps their values: %s', async (_, head, parts) => {
    const [live, shadow] = await legacy(head);
    await live.query(row);
    for (const part of parts) await live.query(part);
    const plan = await planAdoption(live, shadow);
    expect(plan.findings.join('\n')).toMatch(
      /history\.cluster_id, history\.run_id, history\.modified_at/,
    );
    await adoptDatabase(live, plan, 'staging', actor);
    expect(await modernised(live, shadow)).toEqual({
      differences: [],
      rows: [{ cluster_id: '0101-a', run_id: '7', kept: true }],
    });
  });

  it('with the whole of 9713d3159095 is recognised, and adopted once the derived table is gone', async () => {
    const [live, shadow] = await legacy('9713d3159095');
    await live.query(row);
    for (const part of [COLUMNS, REQUIRED, LATEST]) await live.query(part);
    const plan = await planAdoption(live, shadow);
    expect(plan.state).toBe('differs');
    expect(plan.findings).toEqual([
      expect.stringContaining('9713d3159095, the revision after the baseline'),
      expect.stringContaining('history.arg_date'),
      expect.stringContaining('history_latest looks like'),
    ]);
    expect(plan.differences.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'table history_latest',
      'constraint history_pkey',
    ]);
    await live.query(`begin; ${closingSql(plan.differences)} commit`);
    await clearShadow(shadow);
    const again = await planAdoption(live, shadow);
    expect(again.state).toBe('ready');
    await adoptDatabase(live, again, 'staging', actor);
    expect(await modernised(live, shadow)).toEqual({
      differences: [],
      rows: [{ cluster_id: '0101-a', run_id: '7', kept: true }],
    });
  });

  it.each([
    ['an older revision with other tables', ['0123456789ab'], 'drop table dfp_orders', 'differs'],
    ['an unknown revision with the same tables', ['0123456789ab'], 'select 1', 'ready'],
    ['several heads', ['9a18fa4a434f', '0123456789ab'], 'select 1', 'split'],
    ['no revision', [], 'select 1', 'unmanaged'],
    ['no alembic_version', [], 'drop table alembic_version', 'unmanaged'],
    [
      'another type for a column of 9713d3159095',
      ['9713d3159095'],
      'alter table history add column run_id text',
      'differs',
    ],
  ])('%s', async (_, heads, sql, state) => {
    const [live, shadow] = await legacy(...heads);
    await live.query(sql);
    expect(await planAdoption(live, shadow)).toMatchObject({ state });
  });

  it('is not taken for one when it is empty', async () => {
    const [, shadow] = await legacy();
    const live = await database.connect({
      connectionString: await database.server.createDatabase(`adopt_empty_${process.pid}`),
    });
    expect(await planAdoption(live, shadow)).toMatchObject({ state: 'empty' });
  });

  it('is neither migrated nor compared before it is adopted', async () => {
    const [live, shadow] = await legacy('9a18fa4a434f');
    await expect(applyMigrations(live, { actor })).rejects.toMatchObject({
      code: 'ADOPTION_REQUIRED',
    });
    await expect(inspectDrift(live, shadow, migrationFiles())).rejects.toMatchObject({
      code: 'ADOPTION_REQUIRED',
    });
    expect(await readLedger(live)).toEqual([]);
  });
});
