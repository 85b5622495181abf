/** One workflow with everything that belongs to it, one with nothing, as the former writers left them. */
export const legacyRows = `
insert into workflows values
  ('00000000-0000-4000-8000-000000000001', 'spire_adobe_30', 'Beauty > In-Market', '2020-02-03', '2021-04-05', true, false),
  ('00000000-0000-4000-8000-000000000002', 'spire_ncs_31', 'Proxy', null, '2021-04-06', false, true);
insert into datasets values
  ('00000000-0000-4000-8000-00000000000a', '{"family": "binary", "classes": {}}'),
  ('00000000-0000-4000-8000-00000000000b', '{"family": "multiclass"}');
insert into workflow_datasets
select '00000000-0000-4000-8000-000000000001'::uuid, '00000000-0000-4000-8000-00000000000a'::uuid
from generate_series(1, 3);
insert into features values
  ('00000000-0000-4000-8000-00000000000f', '{ "name":  "clicks", "columns": ["a"] }');
insert into workflow_features
select '00000000-0000-4000-8000-000000000001'::uuid, '00000000-0000-4000-8000-00000000000f'::uuid
from generate_series(1, 2);
insert into tags values ('00000000-0000-4000-8000-0000000000aa', 'beauty');
insert into workflow_tags
select workflow.id, '00000000-0000-4000-8000-0000000000aa'::uuid
from workflows workflow, generate_series(1, 2);
insert into trait_workflows values (30, '00000000-0000-4000-8000-000000000001');
insert into schedules
select '00000000-0000-4000-8000-000000000001'::uuid, '{"logic": "scheduled_stages", "args": {}}'::jsonb
from generate_series(1, 2);
insert into job_configs values
  ('adobe-training', 'SpireTrainingNotebookJobConfig', '{"new_cluster":{},  "notebook_task":{}}', '2020-01-02 03:04:05.678901', null),
  ('old', 'SomethingElse', '{}', null, null);
insert into workflow_jobconfigs values
  ('00000000-0000-4000-8000-000000000001', 'adobe-training', 'TRAINING'),
  ('00000000-0000-4000-8000-000000000001', 'adobe-training', 'Training'),
  ('00000000-0000-4000-8000-000000000001', 'old', 'POSTPROCESSING');
insert into cluster_status values
  ('00000000-0000-4000-8000-000000000001', 'assembly_status', '00000000-0000-4000-8000-0000000000c1'),
  ('00000000-0000-4000-8000-000000000001', 'training_status', '00000000-0000-4000-8000-0000000000c2'),
  ('00000000-0000-4000-8000-000000000002', 'scoring_status', '00000000-0000-4000-8000-0000000000c3');
insert into assembly_status values ('0101-a', 2147483647, '00000000-0000-4000-8000-0000000000c1');
insert into scoring_status values (null, 7, '00000000-0000-4000-8000-0000000000c3');
insert into postprocess values
  ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000d2', 'thresholder'),
  ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000d1', 'mlflow_scores'),
  ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000d3', 'thresholder'),
  ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000d4', 'thresholder'),
  ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000d5', null);
insert into thresholds values
  ('00000000-0000-4000-8000-0000000000d2', 'decile', 0.5, '{low,"very high"}'),
  ('00000000-0000-4000-8000-0000000000d3', 'absolute', 0.25, '["no", "yes"]'),
  ('00000000-0000-4000-8000-0000000000d4', 'percentile', null, '[0, 1)'),
  ('00000000-0000-4000-8000-0000000000d5', null, null, null);
insert into history values
  ('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-000000000001', 'TRAINING', '2020-05-06', '2020-05-07 01:02:03.456789', '{"auc": 0.8}', '{}', 'SUCCESS', '[]', null, null),
  ('00000000-0000-4000-8000-0000000000e2', '00000000-0000-4000-8000-000000000001', 'scoring', '2020-05-06 23:59:59.5', '2020-05-07', '{}', '{"run": 1}', 'Model Load Error', '{}', 'it broke', 'line 1'),
  ('00000000-0000-4000-8000-0000000000e3', '00000000-0000-4000-8000-000000000001', 'assembly', null, null, 'null', '[1]', 'failed', '{}', null, null);
insert into dfp_orders (advertiser, order_id, start_date, active) values
  ('Somebody', 9007199254740991, '2020-01-01', true);
`;

/** How many of them are merged with another row, by table. */
export const legacyMerged: Record<string, number> = {
  workflow_datasets: 2,
  workflow_features: 1,
  workflow_tags: 2,
  schedules: 1,
  workflow_jobconfigs: 1,
  assembly_status: 1,
  scoring_status: 1,
  thresholds: 4,
};

/** What becomes of them, by table: rows as JSON, without what only the moment of migration decides. */
export const modernRows: Record<string, unknown[]> = {
  workflows: [
    {
      id: '00000000-0000-4000-8000-000000000001',
      name: 'spire_adobe_30',
      description: 'Beauty > In-Market',
      created_at: '2020-02-03T00:00:00+00:00',
      modified_at: '2021-04-05T00:00:00+00:00',
      enabled: true,
      is_proxy: false,
    },
    {
      id: '00000000-0000-4000-8000-000000000002',
      name: 'spire_ncs_31',
      description: 'Proxy',
      created_at: '2021-04-06T00:00:00+00:00',
      modified_at: '2021-04-06T00:00:00+00:00',
      enabled: false,
      is_proxy: true,
    },
  ],
  datasets: [
    {
      id: '00000000-0000-4000-8000-00000000000a',
      definition: { family: 'binary', classes: {} },
    },
    { id: '00000000-0000-4000-8000-00000000000b', definition: { family: 'multiclass' } },
  ],
  workflow_datasets: [
    {
      workflow_id: '00000000-0000-4000-8000-000000000001',
      dataset_id: '00000000-0000-4000-8000-00000000000a',
    },
  ],
  features: [
    {
      id: '00000000-0000-4000-8000-00000000000f',
      definition: { name: 'clicks', columns: ['a'] },
    },
  ],
  workflow_features: [
    {
      workflow_id: '00000000-0000-4000-8000-000000000001',
      feature_id: '00000000-0000-4000-8000-00000000000f',
    },
  ],
  tags: [{ id: '00000000-0000-4000-8000-0000000000aa', label: 'beauty' }],
  workflow_tags: [
    {
      workflow_id: '00000000-0000-4000-8000-000000000001',
      tag_id: '00000000-0000-4000-8000-0000000000aa',
    },
    {
      workflow_id: '00000000-0000-4000-8000-000000000002',
      tag_id: '00000000-0000-4000-8000-0000000000aa',
    },
  ],
  trait_workflows: [{ trait_id: 30, workflow_id: '00000000-0000-4000-8000-000000000001' }],
  schedules: [
    {
      workflow_id: '00000000-0000-4000-8000-000000000001',
      definition: { logic: 'scheduled_stages', args: {} },
    },
  ],
  job_configs: [
    {
      name: 'adobe-training',
      type: 'SpireTrainingNotebookJobConfig',
      definition: { new_cluster: {}, notebook_task: {} },
      created_at: '2020-01-02T03:04:05.678901+00:00',
      modified_at: '2020-01-02T03:04:05.678901+00:00',
    },
    {
      name: 'old',
      type: 'SomethingElse',
      definition: {},
      created_at: 'now',
      modified_at: 'now',
    },
  ],
  workflow_job_configs: [
    {
      workflow_id: '00000000-0000-4000-8000-000000000001',
      stage: 'training',
      job_config_name: 'adobe-training',
    },
    {
      workflow_id: '00000000-0000-4000-8000-000000000001',
      stage: 'postprocessing',
      job_config_name: 'old',
    },
  ],
  cluster_status: [
    {
      workflow_id: '00000000-0000-4000-8000-000000000001',
      stage: 'assembly',
      cluster_id: '0101-a',
      run_id: 2147483647,
    },
    {
      workflow_id: '00000000-0000-4000-8000-000000000001',
      stage: 'training',
      cluster_id: null,
      run_id: null,
    },
    {
      workflow_id: '00000000-0000-4000-8000-000000000002',
      stage: 'scoring',
      cluster_id: null,
      run_id: 7,
    },
  ],
  postprocessors: [
    {
      id: '00000000-0000-4000-8000-0000000000d1',
      workflow_id: '00000000-0000-4000-8000-000000000001',
      position: 0,
      type: 'mlflow_scores',
      strategy: null,
      thresholds: null,
      buckets: null,
    },
    {
      id: '00000000-0000-4000-8000-0000000000d2',
      workflow_id: '00000000-0000-4000-8000-000000000001',
      position: 1,
      type: 'thresholder',
      strategy: 'decile',
      thresholds: [0.5],
      buckets: ['low', 'very high'],
    },
    {
      id: '00000000-0000-4000-8000-0000000000d3',
      workflow_id: '00000000-0000-4000-8000-000000000002',
      position: 0,
      type: 'thresholder',
      strategy: 'absolute',
      thresholds: [0.25],
      buckets: ['no', 'yes'],
    },
    {
      id: '00000000-0000-4000-8000-0000000000d4',
      workflow_id: '00000000-0000-4000-8000-000000000002',
      position: 1,
      type: 'thresholder',
      strategy: 'percentile',
      thresholds: null,
      buckets: ['[0, 1)'],
    },
    {
      id: '00000000-0000-4000-8000-0000000000d5',
      workflow_id: '00000000-0000-4000-8000-000000000002',
      position: 2,
      type: null,
      strategy: null,
      thresholds: null,
      buckets: null,
    },
  ],
  history: [
    {
      id: '00000000-0000-4000-8000-0000000000e1',
      workflow_id: '00000000-0000-4000-8000-000000000001',
      stage: 'training',
      arg_date: '2020-05-06',
      execution_date: '2020-05-07T01:02:03.456789+00:00',
      stats: { auc: 0.8 },
      info: {},
      status: 'success',
      warnings: [],
      error: null,
      traceback: null,
      cluster_id: null,
      run_id: null,
      modified_at: 'now',
    },
    {
      id: '00000000-0000-4000-8000-0000000000e2',
      workflow_id: '00000000-0000-4000-8000-000000000001',
      stage: 'scoring',
      arg_date: '2020-05-06',
      execution_date: '2020-05-07T00:00:00+00:00',
      stats: {},
      info: { run: 1, legacy_arg_date: '2020-05-06T23:59:59.5' },
      status: 'model_load_error',
      warnings: {},
      error: 'it broke',
      traceback: 'line 1',
      cluster_id: null,
      run_id: null,
      modified_at: 'now',
    },
    {
      id: '00000000-0000-4000-8000-0000000000e3',
      workflow_id: '00000000-0000-4000-8000-000000000001',
      stage: 'assembly',
      arg_date: null,
      execution_date: '1970-01-01T00:00:00+00:00',
      stats: null,
      info: { legacy_info: [1], legacy_execution_date: null },
      status: 'failed',
      warnings: {},
      error: null,
      traceback: null,
      cluster_id: null,
      run_id: null,
      modified_at: 'now',
    },
  ],
  dfp_orders: [
    {
      id: 1,
      advertiser: 'Somebody',
      order_id: 9007199254740991,
      start_date: '2020-01-01',
      last_processed_date: null,
      active: true,
    },
  ],
};
