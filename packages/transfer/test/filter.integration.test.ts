import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { countWorkflows, type RowFilter, type Session } from '../src/index.ts';
import { maskedCopy, TERMS, useDatabases } from './masked-copy.ts';

const databases = useDatabases('filter');
const NAMES = ['spire_adobe_1', 'spire_adobe_2', 'spireXadobe_3', 'spire_ncs_4', `o'dd \\% "5"`];

let source: pg.Client & Session;

/** Five workflows. What belongs to each has its number; the first two share what can be shared. */
beforeAll(async () => {
  source = await databases.atHead();
  const of = (table: string) => `md5('${table}' || greatest(n, 2))::uuid`;
  const own = `md5('workflow' || n)::uuid`;
  const each = 'from generate_series(1, 5) n';
  const shared = 'from generate_series(2, 6) n';
  await source.query(
    `insert into workflows (id, name, description)
     select md5('workflow' || n)::uuid, name, '' from unnest($1::text[]) with ordinality as names (name, n)`,
    [NAMES],
  );
  await source.query(`
    insert into datasets select md5('dataset' || n)::uuid, '{}' ${shared};
    insert into features select md5('feature' || n)::uuid, '{}' ${shared};
    insert into tags select md5('tag' || n)::uuid, 'tag ' || n ${shared};
    insert into job_configs (name, type, definition) select 'job ' || n, 'x', '{}' ${shared};
    insert into workflow_datasets select ${own}, ${of('dataset')} ${each};
    insert into workflow_features select ${own}, ${of('feature')} ${each};
    insert into workflow_tags select ${own}, ${of('tag')} ${each};
    insert into workflow_job_configs
      (workflow_id, stage, job_config_name) select ${own}, stage, 'job ' || greatest(n, 2) ${each}, unnest(array['training', 'scoring']) stage;
    insert into trait_workflows (trait_id, workflow_id) select n, ${own} ${each};
    insert into schedules select ${own}, '{}' ${each};
    insert into postprocessors (workflow_id, position) select ${own}, place ${each}, generate_series(0, 1) place;
    insert into cluster_status (workflow_id, stage) select ${own}, 'training' ${each};
    insert into history (workflow_id, stage, status, execution_date)
      select ${own}, 'training', 'success', began::timestamptz ${each},
        unnest(array['2026-01-30 23:59:59.999999Z', '2026-01-31 00:00:00Z', 'infinity']) began;
    insert into dfp_orders (advertiser, order_id, start_date, active) select 'a', n, '2026-01-01', true ${each}`);
});

/** How many rows come, by table. Foreign keys are in force where they come to. */
async function copied(filter: RowFilter): Promise<Record<string, number>> {
  const target = await databases.atHead();
  const tables = await maskedCopy(source, target, { ...TERMS, filter });
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await target.query(`select count(*)::int as n from public.${name}`);
    counts[name] = rows[0]?.n;
  }
  return counts;
}

const counts = (workflows: number, shared: number, history = 3 * workflows, all = 0) => ({
  cluster_status: 0,
  datasets: shared,
  dfp_orders: all,
  features: shared,
  history,
  job_configs: shared,
  postprocessors: 2 * workflows,
  schedules: workflows,
  tags: shared,
  trait_workflows: workflows,
  workflow_datasets: workflows,
  workflow_features: workflows,
  workflow_job_configs: 2 * workflows,
  workflow_tags: workflows,
  workflows,
});

describe('a filter of workflows', () => {
  test.each([
    ['spire_adobe_1', 1, 1],
    ['spire_adobe_2', 1, 1],
    ['spire_adobe_*', 2, 1],
    ['spire*', 4, 3],
    ['*_4, spire_adobe_1 ,', 2, 2],
    ['*', 5, 4],
    [`o'dd \\% "5"`, 1, 1],
    [`o'*%*`, 1, 1],
  ])('brings %s with all that belongs to it', async (workflows, found, shared) => {
    expect(await countWorkflows(source, 'staging', workflows)).toBe(found);
    expect(await copied({ workflows })).toEqual(counts(found, shared));
  });

  test.each([
    '',
    ' , ',
    'spire',
    'SPIRE_ADOBE_1',
    'spire%',
    'spire_adobe__',
    `'); drop table tags; --`,
    `\\'`,
  ])('that means none is refused: %s', async (workflows) => {
    await expect(countWorkflows(source, 'staging', workflows)).rejects.toMatchObject({
      code: 'WORKFLOWS_NOT_FOUND',
    });
    expect(await copied({ workflows })).toEqual(counts(0, 0));
  });

  test('means the same however strings are written', async () => {
    await source.query('set standard_conforming_strings = off; set escape_string_warning = off');
    try {
      expect(await copied({ workflows: `o'dd \\% "5"` })).toEqual(counts(1, 1));
      expect(await copied({ workflows: 'spire_adobe_*' })).toEqual(counts(2, 1));
    } finally {
      await source.query('reset standard_conforming_strings');
    }
  });
});

describe('a first day', () => {
  test.each(['UTC', 'America/New_York'])('of runs is of UTC, in a session of %s', async (zone) => {
    await source.query(`set timezone = '${zone}'`);
    expect(await copied({ since: '2026-01-31' })).toEqual(counts(5, 5, 10, 5));
    await source.query('reset timezone');
  });

  test('goes with workflows', async () => {
    expect(await copied({ since: '2026-01-31', workflows: 'spire_ncs_4' })).toEqual(
      counts(1, 1, 2),
    );
  });

  test('also where times have no zone', async () => {
    const legacy = await databases.migrated(1);
    await legacy.query(`set timezone = 'America/New_York'; insert into history (id, stage, execution_date, stats, info, status, warnings)
      select gen_random_uuid(), 'x', began::timestamp, '{}', '{}', 'x', '{}'
      from unnest(array['2026-01-30 23:59:59.999999', '2026-01-31 00:00:00', null]) began`);
    const target = await databases.migrated(1);
    await maskedCopy(legacy, target, { ...TERMS, filter: { since: '2026-01-31' } });
    const { rows } = await target.query('select execution_date::text as began from history');
    expect(rows).toEqual([{ began: '2026-01-31 00:00:00' }]);
  });
});
