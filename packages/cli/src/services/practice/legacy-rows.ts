import type pg from 'pg';
import { SEED_TAGS } from '../seed-definitions.ts';
import { legacyJobConfigs } from './legacy-job-configs.ts';
import { legacyWorkflows } from './legacy-workflows.ts';

/** How much there is in a database of the former platform. */
export interface LegacySize {
  readonly workflows: number;
  /** How far its history goes back. */
  readonly days: number;
  /** Whether the i-th workflow is taken by scheduled runs; from 1. */
  readonly isEnabled: (i: number) => boolean;
}

/**
 * Fills the baseline's tables with rows that are all as they should be. Until the transaction ends,
 * `practice` holds the workflows with their number, and `pg_temp.id_of(kind, number)` gives the ids.
 *
 * @param name of the environment: others have other ids.
 */
export async function insertLegacyRows(
  client: pg.Client,
  name: string,
  { workflows, days, isEnabled }: LegacySize,
): Promise<void> {
  await client.query(`
    create function pg_temp.id_of(kind text, number bigint) returns uuid language sql immutable
    as $$ select md5('${name} ' || kind || ' ' || number)::uuid $$;
    create temp table practice (
      i int, name text, description text, enabled boolean, is_proxy boolean, trait int, vendor text,
      subject text, dataset jsonb, schedule jsonb
    ) on commit drop`);
  await client.query(
    'insert into practice select * from jsonb_populate_recordset(null::practice, $1)',
    [JSON.stringify(legacyWorkflows(workflows, isEnabled))],
  );
  await client.query(
    `insert into job_configs (name, type, definition, created_at, modified_at)
     select name, type, definition, '2021-03-04 05:06:07', '2022-03-04 05:06:07'
     from json_to_recordset($1) as given (name text, type text, definition json)`,
    [JSON.stringify(legacyJobConfigs())],
  );
  await client.query(
    `insert into tags select pg_temp.id_of('tag', place), label
     from unnest($1::text[]) with ordinality as labels (label, place)`,
    [SEED_TAGS],
  );
  await client.query(ROWS);
  await client.query(history(days));
}

const ROWS = `
insert into workflows (id, name, description, created_at, modified_at, enabled, is_proxy)
select pg_temp.id_of('workflow', i), name, description, date '2021-01-01' + i, date '2023-01-01' + i,
  enabled, is_proxy
from practice;
insert into trait_workflows (trait_id, workflow_id)
select trait, pg_temp.id_of('workflow', i) from practice;
insert into datasets (id, definition) select pg_temp.id_of('dataset', i), dataset from practice;
insert into workflow_datasets (workflow_id, dataset_id)
select pg_temp.id_of('workflow', i), pg_temp.id_of('dataset', i) from practice;
insert into schedules (workflow_id, definition)
select pg_temp.id_of('workflow', i), schedule from practice;
insert into workflow_tags (workflow_id, tag_id)
select pg_temp.id_of('workflow', i), tags.id from practice join tags on label in (vendor, subject);

insert into features (id, definition)
select pg_temp.id_of('feature', f), json_build_object(
  'columns', json_build_array('user_id', 'feature_' || f),
  'filters', json_build_object('country', 'US'),
  'format', 'parquet',
  'loader', case when f % 2 = 0 then 'aleph_v2_loader' else 'aleph_v3_loader' end,
  'location', 's3://features/' || f,
  'name', 'feature_' || f,
  'stage', case when f % 3 = 0 then 'scoring' else 'training' end
)
from generate_series(1, 12) f;
insert into workflow_features (workflow_id, features_id)
select pg_temp.id_of('workflow', i), pg_temp.id_of('feature', (i + offset_by) % 12 + 1)
from practice, generate_series(0, 2) offset_by;

insert into workflow_jobconfigs (workflow_id, job_config_name, stage)
select pg_temp.id_of('workflow', i),
  case
    when i % 12 = 5 then 'mlflow-' || stage
    when i % 15 = 14 then 'foundation'
    else vendor || '-' || stage
  end,
  upper(stage)
from practice, unnest(array['assembly', 'training', 'scoring']) stage
union all
select pg_temp.id_of('workflow', i), 'postprocessing', 'POSTPROCESSING' from practice where i % 3 = 0;

insert into cluster_status (workflow_id, stage, id)
select pg_temp.id_of('workflow', i), stage || '_status', pg_temp.id_of(stage || '_status', i)
from practice, unnest(array['assembly', 'training', 'scoring']) stage;
insert into assembly_status (id, cluster_id, run_id)
select pg_temp.id_of('assembly_status', i), '0101-000000-assembly' || i, 100000 + i from practice;
insert into training_status (id, cluster_id, run_id)
select pg_temp.id_of('training_status', i), '0101-000000-training' || i, 200000 + i from practice;
insert into scoring_status (id, cluster_id, run_id)
select pg_temp.id_of('scoring_status', i), '0101-000000-scoring' || i, 300000 + i from practice;

insert into postprocess (id, workflow_id, type)
select pg_temp.id_of('postprocess', i), pg_temp.id_of('workflow', i),
  case when i % 2 = 0 then 'thresholder' else 'mlflow_scores' end
from practice where i % 3 = 0;
insert into thresholds (id, strategy, thresholds, buckets)
select pg_temp.id_of('postprocess', i),
  (array['decile', 'percentile', 'absolute'])[i / 6 % 3 + 1], i % 10 / 10.0, 'in_market'
from practice where i % 6 = 0;

insert into dfp_orders (advertiser, order_id, start_date, last_processed_date, active)
select 'Advertiser ' || n, 2500000000 + n, current_date - 60 - n,
  case when n % 4 > 0 then current_date - 1 end, n % 4 > 0
from generate_series(1, 20) n;
`;

/** A run a day of each stage up to yesterday. Some fail, and scoring in more ways, always the same ones. */
const history = (days: number) => `
insert into history (
  id, workflow_id, stage, arg_date, execution_date, stats, info, status, warnings, error, traceback
)
select pg_temp.id_of(stage, i::bigint * 1000 + day), pg_temp.id_of('workflow', i), stage,
  current_date - day,
  current_date - day + interval '6 hours' + hours * interval '1 hour' + i % 60 * interval '1 minute',
  case when status = 'success'
    then jsonb_build_object('rows', 10000 + i * day % 5000, 'auc', 0.6 + i * day % 30 / 100.0)
    else '{}' end,
  '{}', status,
  case when (i + day) % 17 = 0 then '{"skew": "a class is much larger than the other"}'::jsonb
    else '{}' end,
  case status
    when 'failed' then 'Cluster terminated: spot instances were taken back'
    when 'model_load_error' then 'No model of this workflow in the registry' end,
  case when status <> 'success' then 'Traceback (most recent call last):' || chr(10) || '  ...' end
from practice,
  generate_series(1, ${days}) day,
  unnest(array['assembly', 'training', 'scoring']) with ordinality stages (stage, hours),
  lateral (select case
    when (i * 7 + day * 3 + hours * 5) % 29 = 0 then 'failed'
    when stage = 'scoring' and (i * 11 + day) % 53 = 0 then 'model_load_error'
    else 'success' end as status) outcome;
`;
