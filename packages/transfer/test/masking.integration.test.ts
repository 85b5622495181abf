import { migrationFiles } from '@spire/schema';
import { scheduleDefinition } from '@spire/schema/definitions';
import { describe, expect, test } from 'vitest';
import { readStructure, requireClassified, selectOf } from '../src/index.ts';
import { legacyCanaries, MASKED_DEFINITION, modernCanaries } from './canary-rows.ts';
import {
  contentOf,
  maskedCopy,
  maskedRows,
  migrate,
  type Row,
  reading,
  TERMS,
  useDatabases,
} from './masked-copy.ts';
import { CANARY } from './secret-forms.ts';

const databases = useDatabases('masking');

/** What Alembic's revision after the baseline adds. */
const ADDITIONS = `alter table history
  add column cluster_id varchar(100), add column run_id integer, add column modified_at timestamp`;

describe('every column is classified', () => {
  test('of the baseline, of the head and of each schema between', async () => {
    const client = await databases.migrated(1);
    const { length } = migrationFiles();
    for (let count = 1; ; count += 1) {
      const tables = await readStructure(client);
      expect(tables.length).toBeGreaterThan(10);
      requireClassified(tables);
      if (count === length) break;
      await migrate(client, count, count + 1);
    }
  });

  test("with what Alembic's failing revision adds", async () => {
    const client = await databases.migrated(1);
    await client.query(ADDITIONS);
    requireClassified(await readStructure(client));
  });

  test('or the copy stops, and names it', async () => {
    const client = await databases.atHead();
    await client.query(`alter table history add column constructor text;
      alter table tags add column doubled text generated always as (label || label) stored;
      create table "Odd one" (a int, b int)`);
    const tables = await readStructure(client);
    const unclassified = expect.objectContaining({
      code: 'COLUMN_UNCLASSIFIED',
      message: expect.stringContaining('Odd one.a, Odd one.b, history.constructor.'),
    });
    expect(() => requireClassified(tables)).toThrow(unclassified);
    const history = tables.filter(({ name }) => name === 'history');
    expect(() => history.map((table) => selectOf(table, TERMS))).toThrow(/history\.constructor/);
  });
});

describe('a masked copy', () => {
  test('of the modern tables holds nothing that is classified, and all else as it was', async () => {
    const [source, target] = [await databases.atHead(), await databases.atHead()];
    await source.query(modernCanaries);
    const tables = await maskedCopy(source, target);
    const [before, after] = [await contentOf(source, tables), await contentOf(target, tables)];
    expect(JSON.stringify(before)).toMatch(CANARY);
    expect(JSON.stringify(after)).not.toMatch(CANARY);
    for (const name of ['datasets', 'features', 'postprocessors', 'tags', 'trait_workflows']) {
      expect(before[name]?.length).toBeGreaterThan(0);
      expect(after[name]).toEqual(before[name]);
    }
    expect(after.cluster_status).toEqual([]);
    expect(after.workflows).toEqual(before.workflows?.map((row) => ({ ...row, enabled: 'false' })));
    const byId = (rows: Row[] = []) =>
      rows
        .map(({ stats, info, warnings, error, traceback, cluster_id, run_id, ...kept }) => kept)
        .sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1));
    expect(byId(before.history)).toHaveLength(4);
    expect(byId(after.history)).toEqual(byId(before.history));
  });

  test('of what Alembic left too, and it can be migrated', async () => {
    const [source, target] = [await databases.migrated(1), await databases.migrated(1)];
    await source.query(`${ADDITIONS}; ${legacyCanaries};
      update history set cluster_id = 'canary', run_id = 777000777`);
    await target.query(ADDITIONS);
    const tables = await maskedCopy(source, target);
    const [before, after] = [await contentOf(source, tables), await contentOf(target, tables)];
    expect(JSON.stringify(before)).toMatch(CANARY);
    expect(JSON.stringify(after)).not.toMatch(CANARY);
    for (const name of ['features', 'thresholds', 'postprocess', 'workflow_jobconfigs']) {
      expect(before[name]?.length).toBeGreaterThan(0);
      expect(after[name]).toEqual(before[name]);
    }
    const definitions = Object.fromEntries(
      (after.job_configs ?? []).map(({ name, definition }) => [name, definition]),
    );
    expect(definitions).toMatchObject({
      spaced: '{ "b":1,"c" : [ 1, 2 ]}',
      nul: '{"a": "\\u0000"}',
      half: '{"a": "\\ud800"}',
      huge: '{"size": 1e999999, "more": true}',
      twice: '{}',
      null: 'null',
      list: '["nobody@example.invalid"]',
      text: '"token"',
      places:
        '{"new_cluster": [], "spark_env_vars": "x", "backend_config": {"spark_env_vars": [1]}}',
    });
    await migrate(target, 1, migrationFiles().length);
    expect(JSON.stringify(await contentOf(target, await readStructure(target)))).not.toMatch(
      CANARY,
    );
  });

  test('needs no right but to read, and no setting of the session', async () => {
    const owner = await databases.atHead();
    await owner.query(modernCanaries);
    const role = `masking_reader_${process.pid}`;
    await owner.query(`create role ${role} login password 'reader';
      grant select on all tables in schema public to ${role}`);
    try {
      const url = new URL('postgres://localhost');
      Object.assign(url, { hostname: owner.host, port: String(owner.port) });
      Object.assign(url, { username: role, password: 'reader', pathname: owner.database });
      const reader = await databases.connect(url.href);
      await reader.query(`set default_transaction_read_only = on; set standard_conforming_strings = off;
        set escape_string_warning = off; set timezone = 'America/New_York'; set datestyle = 'German'`);
      const tables = await readStructure(owner);
      const read = async (client: typeof owner) => {
        await client.query('set search_path = pg_temp');
        await client.query(`set bytea_output = 'escape'`);
        return reading(client, 'some secret', async () => {
          const content = [];
          for (const table of tables) {
            const { rows } = await client.query(
              `select json_agg(rows)::text as content from (${selectOf(table, TERMS)}) rows`,
            );
            content.push(rows[0]?.content);
          }
          return content.map((one) => one?.replace(/"\w+_(at|date)":"[^"]*"/g, ''));
        });
      };
      expect(await read(reader)).toEqual(await read(owner));
      await reader.end();
    } finally {
      await owner.query(`drop owned by ${role}; drop role ${role}`);
    }
  });

  test('without a secret brings no value rather than one that can be guessed', async () => {
    const source = await databases.atHead();
    await source.query(modernCanaries);
    const rows = await maskedRows(source, 'history', TERMS, '');
    expect(rows.map(({ error }) => error)).toEqual([null, null, null, null]);
    const [orders] = (await readStructure(source)).filter(({ name }) => name === 'dfp_orders');
    const fresh = await databases.atHead();
    await fresh.query(modernCanaries);
    if (!orders) throw new Error('There are no orders.');
    await expect(fresh.query(selectOf(orders, TERMS))).rejects.toThrow('spire.mask_secret');
  });
});

describe('labels and numbers', () => {
  test('are the same for the same value and secret, others for others', async () => {
    const source = await databases.atHead();
    await source.query(modernCanaries);
    const orders = (secret: string) => maskedRows(source, 'dfp_orders', TERMS, secret);
    const first = await orders('a');
    expect(await orders('a')).toEqual(first);
    const [one, same, other] = first;
    expect(one?.advertiser).toMatch(/^Advertiser [0-9a-f]{16}$/);
    expect(same?.advertiser).toBe(one?.advertiser);
    expect(other?.advertiser).not.toBe(one?.advertiser);
    const numbers = first.map(({ order_id }) => Number(order_id));
    expect(new Set(numbers).size).toBe(3);
    for (const number of numbers) expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
    const others = await orders('b');
    for (const [place, row] of others.entries()) {
      expect(row.advertiser).not.toBe(first[place]?.advertiser);
      expect(row.order_id).not.toBe(first[place]?.order_id);
    }
    const errors = (await maskedRows(source, 'history')).map(({ error }) => error);
    expect(errors[0]).toMatch(/^Error [0-9a-f]{16}$/);
    expect(errors).toEqual([
      errors[0],
      null,
      errors[0],
      expect.not.stringMatching(String(errors[0])),
    ]);
  });

  test('stay apart for many, and join across tables', async () => {
    const source = await databases.atHead();
    await source.query(`insert into dfp_orders (advertiser, order_id, start_date, active)
      select 'Advertiser ' || n % 1000, n, '2026-01-01', true from generate_series(1, 100000) n`);
    const rows = await maskedRows(source, 'dfp_orders');
    expect(new Set(rows.map(({ order_id }) => order_id)).size).toBe(100_000);
    expect(new Set(rows.map(({ advertiser }) => advertiser)).size).toBe(1000);
  });

  test('fit into a column that is too short', async () => {
    const source = await databases.atHead();
    await source.query(`alter table dfp_orders alter column advertiser type varchar(8);
      insert into dfp_orders (advertiser, order_id, start_date, active) values ('canary', 1, '2026-01-01', true)`);
    const [row] = await maskedRows(source, 'dfp_orders');
    expect(row?.advertiser).toBe('Advertis');
  });
});

test('figures of a run stay, texts go', async () => {
  const source = await databases.atHead();
  await source.query(modernCanaries);
  const rows = await maskedRows(source, 'history');
  expect(rows.map(({ stats, info, warnings }) => ({ stats, info, warnings }))).toEqual([
    { stats: { auc: 0.81, rows: { all: [1000, null] } }, info: {}, warnings: {} },
    { stats: { auc: 0.5, count: -12, by: { low: [1, null] }, done: true }, info: {}, warnings: {} },
    { stats: {}, info: {}, warnings: {} },
    { stats: {}, info: {}, warnings: {} },
  ]);
});

test('of many runs no text comes, wherever it is', async () => {
  const source = await databases.atHead();
  await source.query(`insert into workflows (name, description) values ('a', '');
    insert into history (workflow_id, stage, status, execution_date, stats)
    select id, 'training', 'success', now(), (array[
      '{"model": "canary", "auc": 0.5, "by": {"x": [1]}}', '{"model": "canary", "by": {"x": ["canary"]}, "auc": 1}',
      '{"auc": 2, "other": ["canary"]}', '{"canary@example.com": 3, "auc": 3}', '["canary"]', '{"auc": 4}'
    ]::jsonb[])[1 + n % 6] from workflows, generate_series(1, 60000) n`);
  const { rows: looked } = await source.query(
    'select count(*)::int as rows from history tablesample system (0.1) repeatable (1)',
  );
  expect(looked[0]?.rows).toBeGreaterThan(0);
  const found = (await maskedRows(source, 'history')).map(({ stats }) => JSON.stringify(stats));
  expect([...new Set(found)].sort()).toEqual([
    '{"auc":0.5}',
    '{"auc":1}',
    '{"auc":2}',
    '{"auc":3}',
    '{"auc":4}',
    '{}',
  ]);
});

describe('a job config', () => {
  test("gets the target's values, and loses secrets and people", async () => {
    const source = await databases.atHead();
    await source.query(modernCanaries);
    const [definition] = (await maskedRows(source, 'job_configs')).map((row) => row.definition);
    expect(definition).toEqual(MASKED_DEFINITION);
  });

  test("loses what the target doesn't have", async () => {
    const source = await databases.atHead();
    await source.query(`insert into job_configs (name, type, definition) values ('a', 'x',
      '{"spark_env_vars": {"DB_HOSTNAME": "a", "VAULT_ADDR": "b", "DEPLOYMENT_ENV": "c", "X": "y"}}')`);
    const environment = 'it\'s \\1 "odd"';
    const terms = { target: { environment }, live: true };
    const [row] = await maskedRows(source, 'job_configs', terms);
    expect(row?.definition).toEqual({ spark_env_vars: { DEPLOYMENT_ENV: environment, X: 'y' } });
  });
});

describe('a schedule', () => {
  const ids = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

  async function paused(definitions: readonly unknown[], live = false) {
    const source = await databases.atHead();
    await source.query('alter table schedules drop constraint schedules_definition_check');
    for (const [n, definition] of definitions.entries()) {
      await source.query(
        `insert into workflows (id, name, description, enabled) values ($1::text::uuid, $1, '', true)`,
        [ids(n)],
      );
      await source.query('insert into schedules values ($1, $2)', [
        ids(n),
        JSON.stringify(definition),
      ]);
    }
    const terms = { ...TERMS, live };
    const workflows = await maskedRows(source, 'workflows', terms);
    const rows = await maskedRows(source, 'schedules', terms);
    return {
      enabled: workflows.map(({ enabled }) => enabled),
      definitions: rows.map(({ definition }) => definition),
    };
  }

  const cron = { cron_interval: '0 6 * * *', start_date: '2026-01-31', more: true };
  const expiration = { expiration_date: '2026-01-31T00:00:00Z' };
  const countdown = { stage: 'training', seconds_until_stale: 60, n_tries: 3 };
  const schedule = {
    logic: 'scheduled_stages',
    args: {
      assembly: { logic: 'cron', args: cron, note: 'mine' },
      training: { logic: 'expiration', args: expiration },
      scoring: { logic: 'countdown', args: countdown },
    },
    kept: [1],
  };

  test('is never due, is still one, and can be taken up again', async () => {
    const empty = { logic: 'scheduled_stages', args: {} };
    const { enabled, definitions } = await paused([schedule, empty]);
    expect(enabled).toEqual([false, false]);
    const expected = {
      logic: 'scheduled_stages',
      args: {
        assembly: {
          logic: 'cron',
          args: { ...cron, start_date: '9999-12-31' },
          note: 'mine',
          paused_args: cron,
        },
        training: {
          logic: 'expiration',
          args: { expiration_date: '9999-12-31' },
          paused_args: expiration,
        },
        scoring: {
          logic: 'countdown',
          args: { ...countdown, n_tries: 0 },
          paused_args: countdown,
        },
      },
      kept: [1],
    };
    expect(definitions).toEqual([expected, empty]);
    for (const definition of definitions) scheduleDefinition.parse(definition);
    // A copy of a copy.
    expect((await paused(definitions)).definitions).toEqual(definitions);
  });

  test('stays as it is where that is asked for', async () => {
    expect(await paused([schedule], true)).toEqual({ enabled: [true], definitions: [schedule] });
  });

  test('that is none stays none', async () => {
    const none = [null, [], [schedule], 'daily', 7, true];
    expect((await paused(none)).definitions).toEqual(none);
  });

  test.each([
    ['no args', { logic: 'scheduled_stages' }],
    ['args that are null', { logic: 'scheduled_stages', args: null }],
    ['args that are a list', { logic: 'scheduled_stages', args: [{ logic: 'cron', args: cron }] }],
    ['another logic', { ...schedule, logic: 'stages' }],
    ['a logic that is no text', { ...schedule, logic: { logic: 'scheduled_stages' } }],
    ['nothing', {}],
    ['a stage without args', { ...schedule, args: { scoring: { logic: 'cron' } } }],
    ['a stage that is a text', { ...schedule, args: { ...schedule.args, scoring: 'daily' } }],
    ['a stage that is null', { ...schedule, args: { ...schedule.args, scoring: null } }],
    ['a stage that is a number', { ...schedule, args: { ...schedule.args, scoring: 7 } }],
    [
      'a stage that is a list',
      { ...schedule, args: { ...schedule.args, scoring: ['cron', cron] } },
    ],
    ['a stage of another logic', { ...schedule, args: { scoring: { logic: 'weekly', args: {} } } }],
    [
      'args of a stage that are a text',
      { ...schedule, args: { scoring: { logic: 'cron', args: '0 6 * * *' } } },
    ],
  ])('with %s becomes one without stages', async (_, definition) => {
    const { definitions } = await paused([definition]);
    expect(definitions).toEqual([{ logic: 'scheduled_stages', args: {}, paused_args: definition }]);
    scheduleDefinition.parse(definitions[0]);
  });
});
