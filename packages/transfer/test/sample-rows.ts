import type { Client } from '@spire/migrate';

/** Rows in every table, with what is easily lost: NULL, infinities, empty arrays, nested JSON, texts of a megabyte. */
export async function insertSampleRows(client: Client, workflows = 20): Promise<void> {
  for (const sql of ROWS) await client.query(sql.replaceAll('$n', String(workflows)));
}

const ROWS = [
  `insert into workflows (name, description, enabled, is_proxy)
   select 'spire_' || (array['adobe', 'ncs', 'dfp'])[1 + n % 3] || '_' || n, E'It''s "n"\\t\\\\\\n ümläut ' || n, n % 2 = 0, n % 5 = 0
   from generate_series(1, $n) n`,
  `insert into trait_workflows (trait_id, workflow_id)
   select row_number() over (order by name), id from workflows`,
  `insert into tags (label) select 'tag ' || n from generate_series(1, 5) n`,
  `insert into workflow_tags (workflow_id, tag_id)
   select w.id, t.id from workflows w join tags t on (hashtext(w.name || t.label) % 2) = 0`,
  `insert into datasets (definition)
   select jsonb_build_object('family', 'binary', 'n', n, 'classes', '{"positive": {"logic": "matches_any", "args": {"behaviors": [{"vendor": "adobe", "value": null}, []]}}}'::jsonb)
   from generate_series(1, $n) n`,
  `insert into workflow_datasets (workflow_id, dataset_id)
   select w.id, d.id from (select id, row_number() over (order by name) n from workflows) w
   join (select id, row_number() over (order by id) n from datasets) d using (n)`,
  `insert into features (definition) select jsonb_build_object('columns', '[]'::jsonb, 'n', n, 'deep', '{"a": [1, {"b": null}, "\\u0001 \\u20ac"]}'::jsonb)
   from generate_series(1, $n) n`,
  `insert into workflow_features (workflow_id, feature_id)
   select w.id, f.id from workflows w join features f on (hashtext(w.id::text || f.id::text) % 3) = 0`,
  `insert into job_configs (name, type, definition)
   select 'config ' || n, 'SpireJarJobConfig', jsonb_build_object('new_cluster', jsonb_build_object(
     'spark_env_vars', '{"DEPLOYMENT_ENV": "staging", "DB_HOSTNAME": "staging.example.com", "VAULT_TOKEN": "canary-token"}'::jsonb))
   from generate_series(1, 4) n`,
  `insert into workflow_job_configs (workflow_id, stage, job_config_name)
   select id, 'training', 'config ' || 1 + abs(hashtext(name)) % 4 from workflows`,
  `insert into schedules (workflow_id, definition)
   select id, '{"logic": "scheduled_stages", "args": {"scoring": {"logic": "cron", "args": {"cron_interval": "0 6 * * *", "start_date": "2026-01-01"}}}}'
   from workflows`,
  `insert into postprocessors (workflow_id, position, type, strategy, thresholds, buckets)
   select id, 0, 'thresholder', 'absolute', array['-infinity', 'nan', 0.1, 1e-300, 'infinity']::float8[], '{}' from workflows
   union all select id, 1, null, null, null, array['a,b', '"q"', '', null, E'\\\\'] from workflows`,
  `insert into history (workflow_id, stage, arg_date, execution_date, status, stats, error, traceback, run_id)
   select w.id, 'training', case when n = 1 then 'infinity' else date '2026-01-01' + n end,
     case when n = 2 then '-infinity' else timestamptz '2026-01-01 00:00:00.123456+00' + n * interval '1 hour' end,
     case when n % 3 = 0 then 'failed' else 'success' end, jsonb_build_object('rows', n, 'part', n / 7.0),
     case when n % 3 = 0 then 'canary-error of ' || w.name end,
     case when n = 3 then repeat('canary-traceback ', 65000) end, 9007199254740991 - n
   from workflows w, generate_series(1, 30) n`,
  `insert into cluster_status (workflow_id, stage, cluster_id, run_id)
   select id, 'training', 'canary-cluster', 7 from workflows`,
  `insert into dfp_orders (advertiser, order_id, start_date, last_processed_date, active)
   select 'canary-advertiser ' || n, 9000000000000000 + n, '2026-01-01', null, true from generate_series(1, 7) n`,
];
