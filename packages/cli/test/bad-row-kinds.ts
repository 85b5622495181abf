/** What the baseline lets in and a modern schema doesn't: a query by kind, which gives such rows. */
export const BAD_ROW_KINDS: Readonly<Record<string, string>> = {
  'a dataset linked twice': doubled('workflow_datasets', 'workflow_id, dataset_id'),
  'a feature linked twice': doubled('workflow_features', 'workflow_id, features_id'),
  'a tag linked twice': doubled('workflow_tags', 'workflow_id, tag_id'),
  'two datasets': several('workflow_datasets', 'dataset_id', 'workflow_id'),
  'the same schedule twice': doubled('schedules', 'workflow_id, definition'),
  'two schedules': several('schedules', 'definition', 'workflow_id'),
  'two traits': several('trait_workflows', 'trait_id', 'workflow_id'),
  'no trait': 'select from trait_workflows where trait_id is null',
  'two job configs for a stage': several(
    'workflow_jobconfigs',
    'job_config_name',
    'workflow_id, stage',
  ),
  "a job config's stage in mixed case":
    'select from workflow_jobconfigs where stage <> upper(stage)',
  "a job config's unknown stage": `select from workflow_jobconfigs where upper(stage) = 'WARMUP'`,
  'the same cluster status twice': doubled(
    'cluster_status join assembly_status using (id)',
    'workflow_id, stage, cluster_id, run_id',
  ),
  'two cluster statuses for a stage': several(
    'cluster_status join training_status using (id)',
    'cluster_id',
    'workflow_id, stage',
  ),
  "a cluster's stage in mixed case": 'select from cluster_status where stage <> lower(stage)',
  "a cluster's unknown stage": `select from cluster_status where stage = 'warmup_status'`,
  'the same run twice': doubled('history', 'id, execution_date, status'),
  'two runs with one id': several('history', 'status', 'id'),
  'a run of nobody': 'select from history where workflow_id is null',
  "a run's stage in mixed case": 'select from history where stage <> lower(stage)',
  "a run's unknown stage": `select from history where stage = 'warmup'`,
  "a run's status in mixed case": 'select from history where status <> lower(status)',
  "a run's unknown status": `select from history where status = 'exploded'`,
  "scoring's status elsewhere": `select from history where status like '%error' and stage <> 'scoring'`,
  'no dataset definition': 'select from datasets where definition is null',
  "a dataset's JSON null": `select from datasets where jsonb_typeof(definition) = 'null'`,
  'a dataset that is no object': `select from datasets where jsonb_typeof(definition) = 'array'`,
  'no schedule definition': 'select from schedules where definition is null',
  "a schedule's JSON null": `select from schedules where jsonb_typeof(definition) = 'null'`,
  'a schedule that is no object': `select from schedules where jsonb_typeof(definition) = 'string'`,
  'no feature definition': 'select from features where definition is null',
  "a feature's JSON null": `select from features where json_typeof(definition) = 'null'`,
  'a feature that is no object': `select from features where json_typeof(definition) = 'array'`,
  "a job config's JSON null": `select from job_configs where json_typeof(definition) = 'null'`,
  'a job config that is no object': `select from job_configs where json_typeof(definition) = 'array'`,
  'stats that are null': `select from history where jsonb_typeof(stats) = 'null'`,
  'info that is no object': `select from history where jsonb_typeof(info) = 'array'`,
  'warnings that are no object': `select from history where jsonb_typeof(warnings) = 'string'`,
  'buckets as an array of Postgres': `select from thresholds where buckets like '{%' and thresholds > 0`,
  'buckets as an array of JSON': `select from thresholds where buckets like '[%' and thresholds > 0`,
};

/** Rows that are there more than once. */
function doubled(table: string, columns: string): string {
  return `select from ${table} group by ${columns} having count(*) > 1`;
}

/** Where there is more than one value of a column, though one is meant. */
function several(table: string, column: string, by: string): string {
  return `select from ${table} group by ${by} having count(distinct ${column}) > 1`;
}
