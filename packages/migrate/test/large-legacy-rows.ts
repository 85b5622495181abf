/** What becomes of an old table's rows: found, carried, merged, quarantined. */
export type Fates = readonly [found: number, carried: number, merged: number, quarantined: number];

const uuid = (kind: string, n: string) => `md5('${kind} ' || ${n})::uuid`;
const workflow = (n: string) => uuid('workflow', n);
const series = (count: number) => `from generate_series(1, ${count}) n`;

/** The first so many runs, none of them bad, each the same whenever it is asked for. */
export const VALID_RUNS = 994_500;

/**
 * Runs by their number, from 1: all stages of 300 workflows on one day, then on the next. Stages and
 * statuses are in the cases that the former writers used.
 *
 * @param numbers a query of them, as `n`.
 * @param columns what is otherwise than in a valid run.
 */
function runs(numbers: string, columns: Readonly<Record<string, string>> = {}): string {
  const run: Record<string, string> = {
    id: uuid('run', 'n'),
    workflow_id: workflow('(n - 1) % 300 + 1'),
    stage: `(array['assembly', 'Training', 'SCORING', ' Assembly', 'TRAINING', 'scoring '])[(n - 1) / 300 % 6 + 1]`,
    arg_date: `timestamp '2021-01-01' + (n - 1) / 900 * interval '1 day'`,
    execution_date: `timestamp '2021-01-02 03:00' + n * interval '96 s'`,
    stats: 'stats',
    info: 'info',
    status: `(array['success', 'SUCCESS', 'Success', 'failed', 'Failed', 'running', ' PENDING '])[n % 7 + 1]`,
    warnings: `'{}'::jsonb`,
    error: `case when n % 50 = 0 then 'the cluster was lost' end`,
    ...columns,
  };
  return `insert into history (${Object.keys(run)}) select ${Object.values(run)}
    from ${numbers} join result on result.number = n % 1000;`;
}

/** What runs resulted in: as many as make them look different, as few as are made quickly. */
const results = `
create temporary table result as select number,
  jsonb_build_object('auc', 0.8125, 'rows', number, 'positives', 1000 + number, 'negatives', 250000) as stats,
  jsonb_build_object('notebook', '/spire/run_stage', 'version', '1.2.' || number % 7, 'cluster_id', '0101-030405-' || number, 'attempt', number % 3) as info
from generate_series(0, 999) number;
analyze result;
`;

/** A million runs: statements that sessions may run at the same time. */
export const largeHistory: readonly string[] = [
  runs(`generate_series(1, 500000) n`),
  runs(`generate_series(500001, ${VALID_RUNS}) n`),
  [
    runs(`generate_series(1, 1500) n`, { id: uuid('bad', 'n'), workflow_id: 'null' }),
    runs(`generate_series(1501, 2600) n`, { id: uuid('bad', 'n'), stage: `'warm-up'` }),
    runs(`generate_series(2601, 3900) n`, { id: uuid('bad', 'n'), status: `'done'` }),
    // The same run again.
    runs(`generate_series(1000, 700000, 1000) n`),
    // The same id on another run: half began an hour before the first, half an hour after it.
    runs(`generate_series(1500, 900500, 1000) n`, {
      execution_date: `timestamp '2021-01-02 03:00' + n * interval '96 s' + (n / 1000 % 2 * 2 - 1) * interval '1 hour'`,
      error: `'copy'`,
    }),
  ].join('\n'),
].map((sql) => `set session_replication_role = replica; ${results} ${sql}`);

/** The other tables, of 300 workflows. */
export const largeSmallTables = `
insert into workflows (id, name, description, enabled)
  select ${workflow('n')}, 'spire_adobe_' || n, 'Beauty > In-Market > ' || n, n % 10 <> 0 ${series(300)};
insert into datasets
  select ${uuid('dataset', 'n')}, '{"family": "binary", "classes": {}}' ${series(320)};
insert into workflow_datasets
  select ${workflow('n')}, ${uuid('dataset', 'n')} ${series(300)};
insert into workflow_datasets
  select ${workflow('n')}, ${uuid('dataset', 'n')} ${series(40)};
insert into workflow_datasets
  select ${workflow('100 + n')}, ${uuid('dataset', '300 + n')} ${series(20)};
insert into features
  select ${uuid('feature', 'n')}, '{"name": "clicks", "columns": []}' ${series(50)};
insert into workflow_features
  select ${workflow('n')}, ${uuid('feature', 'n % 50 + 1')} ${series(300)};
insert into workflow_features
  select ${workflow('n')}, ${uuid('feature', 'n % 50 + 1')} ${series(30)};
insert into tags select ${uuid('tag', 'n')}, 'tag ' || n ${series(20)};
insert into workflow_tags select ${workflow('n')}, ${uuid('tag', 'n % 20 + 1')} ${series(300)};
insert into workflow_tags select ${workflow('n')}, ${uuid('tag', 'n % 20 + 1')} ${series(25)};
insert into trait_workflows select n, ${workflow('n')} ${series(300)};
insert into trait_workflows select 1000 + n, ${workflow('n')} ${series(10)};
insert into trait_workflows select null, ${workflow('n')} ${series(5)};
insert into schedules
  select ${workflow('n')}, '{"logic": "scheduled_stages", "args": {}}' ${series(300)};
insert into schedules
  select ${workflow('n')}, '{"args": {}, "logic": "scheduled_stages"}' ${series(15)};
insert into schedules
  select ${workflow('100 + n')}, '{"logic": "scheduled_stages", "args": {}, "was": "weekly"}' ${series(12)};
insert into job_configs
  select 'config ' || n, 'SpireNotebookJobConfig', '{"new_cluster": {}}', null, null ${series(9)};
insert into workflow_jobconfigs
  select ${workflow('(n - 1) / 3 + 1')}, 'config ' || n % 3 + 1,
    (array['ASSEMBLY', 'TRAINING', 'SCORING'])[n % 3 + 1] ${series(900)};
insert into workflow_jobconfigs select ${workflow('n')}, 'config 9', 'Training' ${series(6)};
insert into workflow_jobconfigs select ${workflow('n')}, 'config 9', 'WARMUP' ${series(8)};
insert into cluster_status
  select ${workflow('n')}, stage, md5(stage || n)::uuid
  from generate_series(1, 300) n, unnest(array['assembly_status', 'training_status', 'scoring_status']) stage;
insert into assembly_status select '0101-' || n, n, md5('assembly_status' || n)::uuid ${series(300)};
insert into training_status select '0102-' || n, n, md5('training_status' || n)::uuid ${series(300)};
insert into scoring_status select '0103-' || n, n, md5('scoring_status' || n)::uuid ${series(300)};
insert into cluster_status
  select ${workflow('n')}, 'TRAINING_STATUS', ${uuid('older', 'n')} ${series(7)};
insert into training_status select '0104-' || n, n - 1, ${uuid('older', 'n')} ${series(7)};
insert into postprocess select ${workflow('n')}, ${uuid('postprocess', 'n')}, 'thresholder' ${series(300)};
insert into postprocess select null, ${uuid('postprocess', '300 + n')}, 'thresholder' ${series(4)};
insert into thresholds select ${uuid('postprocess', 'n')}, 'absolute', 0.5, '["no", "yes"]' ${series(304)};
insert into dfp_orders (advertiser, order_id, start_date, active)
  select 'Somebody', 1000 + n, '2021-01-01', n % 2 = 0 ${series(60)};
`;

/** What becomes of all of them, written down by hand. */
export const largeFates: Readonly<Record<string, Fates>> = {
  assembly_status: [300, 0, 300, 0],
  cluster_status: [907, 900, 0, 7],
  datasets: [320, 320, 0, 0],
  dfp_orders: [60, 60, 0, 0],
  features: [50, 50, 0, 0],
  // 1,500 of no workflow, 1,100 of no stage, 1,300 of no status, 900 of two with one id.
  history: [1_000_000, VALID_RUNS, 700, 4800],
  job_configs: [9, 9, 0, 0],
  postprocess: [304, 300, 0, 4],
  schedules: [327, 300, 15, 12],
  scoring_status: [300, 0, 300, 0],
  tags: [20, 20, 0, 0],
  thresholds: [304, 0, 300, 4],
  training_status: [307, 0, 300, 7],
  trait_workflows: [315, 300, 0, 15],
  workflow_datasets: [360, 300, 40, 20],
  workflow_features: [330, 300, 30, 0],
  workflow_jobconfigs: [914, 900, 0, 14],
  workflow_tags: [325, 300, 25, 0],
  workflows: [300, 300, 0, 0],
};

/** What is set aside of the history, by reason. */
export const largeQuarantine: Readonly<Record<string, number>> = {
  'it names no workflow': 1500,
  'its stage is unknown': 1100,
  'its status is unknown': 1300,
  'another run with the same id is kept': 900,
};
