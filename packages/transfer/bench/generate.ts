import type pg from 'pg';

/** What a run takes with its part of the indexes, measured. */
const BYTES_PER_RUN = 840;
const WORKFLOWS_PER_MEGABYTE = 2;

/**
 * Fills a migrated database: nearly all of it are runs, as in production. The same size gives the same rows.
 *
 * @param clients sessions that share the work.
 */
export async function generate(clients: readonly pg.Client[], megabytes: number): Promise<void> {
  const [client] = clients;
  if (!client) throw new TypeError('somebody has to do it');
  const workflows = Math.ceil(megabytes * WORKFLOWS_PER_MEGABYTE);
  const runs = Math.ceil((megabytes * 1e6) / BYTES_PER_RUN);
  for (const one of clients) await one.query(PREPARE);
  await client.query(definitions(workflows));
  // Made at once, indexes are made faster.
  const { rows } = await client.query(
    `select indexdef, format('drop index %I', indexname) as drop from pg_indexes
     where tablename = 'history' and indexname <> 'history_pkey'`,
  );
  for (const index of rows) await client.query(index.drop);
  await Promise.all(
    clients.map((one, part) =>
      one.query(
        runsBetween(
          share(runs, part, clients.length),
          share(runs, part + 1, clients.length),
          workflows,
        ),
      ),
    ),
  );
  for (const index of rows) await client.query(index.indexdef);
  await client.query('vacuum analyze');
}

const share = (total: number, part: number, parts: number) => Math.floor((total * part) / parts);

/** Nobody else is here, and what refers to what is right; texts to choose from, since random ones take long. */
const PREPARE = `
  set session_replication_role = replica;
  set maintenance_work_mem = '512MB';
  select setseed(0.5);
  create temporary table failure as
    select number, format('Cluster 0101-%s terminated: %s', md5(number::text), md5(number::text || 'why')) as error,
      (select string_agg(format(E'  File "/spire/%s.py", line %s, in %s\\n    %s(%s)\\n',
         substr(md5(number || ' ' || line), 1, 9), line * 7, substr(md5(line::text), 1, 7),
         substr(md5(line || 'call'), 1, 12), md5(number || 'argument' || line)), '')
       from generate_series(1, 5 + number % 12) line) as traceback
    from generate_series(0, 199) number;
  analyze failure`;

const id = (kind: string, n: string) => `md5('${kind} ' || ${n})::uuid`;

/** All but the runs. */
const definitions = (workflows: number) => `
  insert into workflows (id, name, description, enabled, created_at, modified_at)
  select ${id('workflow', 'n')}, 'spire_' || (array['adobe', 'ncs', 'nielsen', 'dfp'])[n % 4 + 1] || '_' || n,
    'Beauty > In-Market > ' || md5(n::text), n % 5 > 0, timestamptz '2021-01-01' + n * interval '1 h', now()
  from generate_series(1, ${workflows}) n;

  insert into datasets (id, definition)
  select ${id('dataset', 'n')}, jsonb_build_object('family', 'binary', 'classes', jsonb_build_object(
      'positive', jsonb_build_object('logic', 'matches_any', 'args', jsonb_build_object('behaviors', behaviors)),
      'negative', jsonb_build_object('logic', 'matches_any', 'args',
        jsonb_build_object('behaviors', jsonb_build_array(jsonb_build_object('vendor', 'adobe'))))),
    'data_requirements', jsonb_build_object('logic', 'min_max_provided', 'min_positive', 100, 'max_positive', 250000,
      'min_negative', 100, 'max_negative', 250000))
  from generate_series(1, ${workflows}) n, lateral (
    select jsonb_agg(jsonb_build_object('vendor', 'adobe', 'group', md5(n || ' ' || part))) as behaviors
    from generate_series(1, 4 + n % 12) part) b;
  insert into workflow_datasets select ${id('workflow', 'n')}, ${id('dataset', 'n')}
  from generate_series(1, ${workflows}) n;

  insert into features (id, definition)
  select ${id('feature', 'n')}, jsonb_build_object('name', 'clicks_' || n, 'columns',
    (select jsonb_agg(md5(n || 'column' || part)) from generate_series(1, 20) part))
  from generate_series(1, 200) n;
  insert into workflow_features select ${id('workflow', 'n')}, ${id('feature', '((n + part) % 200 + 1)')}
  from generate_series(1, ${workflows}) n, generate_series(1, 3) part;

  insert into tags (id, label) select ${id('tag', 'n')}, 'tag ' || n from generate_series(1, 60) n;
  insert into workflow_tags select ${id('workflow', 'n')}, ${id('tag', '((n + part) % 60 + 1)')}
  from generate_series(1, ${workflows}) n, generate_series(1, 2) part;
  insert into trait_workflows (trait_id, workflow_id) select n, ${id('workflow', 'n')}
  from generate_series(1, ${workflows}) n;
  insert into schedules (workflow_id, definition)
  select ${id('workflow', 'n')}, jsonb_build_object('logic', 'scheduled_stages', 'args', jsonb_build_object(
    'training', jsonb_build_object('logic', 'cron', 'args',
      jsonb_build_object('cron_interval', format('0 %s * * %s', n % 24, n % 7), 'start_date', '2026-01-01')),
    'scoring', jsonb_build_object('logic', 'cron', 'args',
      jsonb_build_object('cron_interval', '0 6 * * *', 'start_date', '2026-01-01'))))
  from generate_series(1, ${workflows}) n;

  insert into job_configs (name, type, definition)
  select 'config-' || n, 'SpireNotebookJobConfig', jsonb_build_object(
    'new_cluster', jsonb_build_object('spark_version', '15.4.x-scala2.12', 'num_workers', n % 8 + 1,
      'spark_env_vars', jsonb_build_object('DEPLOYMENT_ENV', 'staging', 'DB_HOSTNAME', 'db.example.com')),
    'notebook_task', jsonb_build_object('notebook_path', '/spire/' || md5(n::text), 'base_parameters', jsonb_build_object()))
  from generate_series(1, 60) n;
  insert into workflow_job_configs (workflow_id, stage, job_config_name)
  select ${id('workflow', 'n')}, stage, 'config-' || n % 60 + 1
  from generate_series(1, ${workflows}) n, unnest(array['assembly', 'training', 'scoring']) stage;
  insert into cluster_status (workflow_id, stage, cluster_id, run_id)
  select ${id('workflow', 'n')}, stage, '0101-' || md5(n || stage), n
  from generate_series(1, ${workflows}) n, unnest(array['assembly', 'training', 'scoring']) stage;
  insert into postprocessors (workflow_id, position, type, strategy, thresholds, buckets)
  select ${id('workflow', 'n')}, 0, 'thresholder', 'absolute', array[0.5, n / 1e6], array['no', 'yes', 'sure']
  from generate_series(1, ${workflows}) n;
  insert into dfp_orders (advertiser, order_id, start_date, active)
  select 'Advertiser ' || md5(n::text), 1000 + n, '2021-01-01', n % 2 = 0 from generate_series(1, 500) n`;

/** Runs by their number: every stage of every workflow, day after day. One in twelve failed. */
const runsBetween = (from: number, to: number, workflows: number) => `
  insert into history (id, workflow_id, stage, arg_date, execution_date, modified_at, status, stats, info,
    warnings, error, traceback, cluster_id, run_id)
  select ${id('run', 'n')}, ${id('workflow', `(n % ${workflows} + 1)`)},
    (array['assembly', 'training', 'scoring'])[n / ${workflows} % 3 + 1],
    date '2021-01-01' + n / ${workflows * 3}, began, began + interval '1 h',
    case when n % 12 = 0 then 'failed' else 'success' end,
    jsonb_build_object('auc', random(), 'loss', random(), 'rows', (random() * 1e6)::int,
      'positives', (random() * 1e5)::int, 'by_class', jsonb_build_array(random(), random(), random())),
    jsonb_build_object('notebook', '/spire/run_stage', 'version', '1.2.' || n % 7,
      'cluster', jsonb_build_object('id', '0101-' || md5(n::text), 'workers', n % 8), 'attempt', n % 3),
    case when n % 5 = 0 then jsonb_build_object('messages', jsonb_build_array(md5(n || 'warning'))) else '{}' end,
    error, traceback, '0101-' || substr(md5(n::text), 1, 12), n
  from generate_series(${from + 1}, ${to}) n
  cross join lateral (select timestamptz '2021-01-01' + n * interval '90 s' as began) b
  left join failure on n % 12 = 0 and number = n / 12 % 200`;
