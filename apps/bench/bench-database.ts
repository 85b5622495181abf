import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMigrations } from '@spire/migrate';
import { startPostgres } from '@spire/servers';
import pg from 'pg';

/** A database with data, and what ends it. */
export interface BenchDatabase extends AsyncDisposable {
  readonly url: string;
  /** What leads the SDK to it, as its environment `local`. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Starts a Postgres of its own with 1,000 workflows, each with everything that one can have, and 5,000 runs.
 *
 * @param folder an empty one, for the config file.
 */
export async function openBenchDatabase(folder: string): Promise<BenchDatabase> {
  const server = await startPostgres({ lifetime: 'parent' });
  const url = await server.createDatabase('bench');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await applyMigrations(client, { actor: { name: 'bench', toolVersion: '0' } });
  await client.query(SEED);
  // Not within somebody's measurement.
  await client.query('alter table workflows set (autovacuum_enabled = off)');
  await client.query('vacuum analyze');
  await client.end();
  mkdirSync(join(folder, 'local'));
  writeFileSync(
    join(folder, 'local', 'config.yml'),
    `local:
  DB_HOSTNAME: ${server.host}
  DB_PORT: "${server.port}"
  DB_NAME: bench
  DB_USER: ${server.user}
  DB_PASSWORD: ${JSON.stringify(server.password)}
`,
    { mode: 0o600 },
  );
  return {
    url,
    variables: { HOME: folder, SPIRE_CONFIG_DIR: folder },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

const SEED = `
insert into tags (label) select 'label_' || n from generate_series(1, 20) n;
insert into job_configs (name, type, definition) values
  ('small', 'databricks', '{"cluster": {"workers": 2}}'), ('large', 'databricks', '{"cluster": {"workers": 16}}');
insert into workflows (name, description, enabled)
  select 'spire_adobe_' || n, 'Beauty > In-Market > Foundation ' || n, n % 2 = 0
  from generate_series(1, 1000) n;
insert into trait_workflows (trait_id, workflow_id)
  select row_number() over (order by name), id from workflows;
insert into workflow_tags (workflow_id, tag_id)
  select w.id, t.id from workflows w cross join lateral
    (select id from tags order by md5(w.name || label) limit 3) t;
with made as (
  insert into datasets (definition) select jsonb_build_object(
    'family', 'binary',
    'classes', jsonb_build_object(
      'positive', jsonb_build_object('logic', 'matches_any', 'args',
        '{"behaviors": [{"vendor": "adobe", "group": "1234"}, {"vendor": "ncs", "group": "88"}]}'::jsonb),
      'negative', '{"logic": "matches_any", "args": {"behaviors": [{"vendor": "adobe"}]}}'::jsonb),
    'data_requirements', '{"logic": "min_max_provided", "min_positive": 100, "max_positive": 250000}'::jsonb)
  from generate_series(1, 1000) returning id)
insert into workflow_datasets (workflow_id, dataset_id)
  select w.id, d.id from (select id, row_number() over () n from workflows) w
  join (select id, row_number() over () n from made) d using (n);
insert into schedules (workflow_id, definition)
  select id, '{"logic": "cron", "args": {"cron_interval": "0 6 * * *", "start_date": "2026-01-31"}}' from workflows;
insert into workflow_job_configs (workflow_id, stage, job_config_name)
  select id, stage, config from workflows
  cross join (values ('assembly', 'small'), ('training', 'large')) as used(stage, config);
insert into history (workflow_id, stage, arg_date, execution_date, status, stats, cluster_id, run_id)
  select w.id, 'training', date '2026-01-01' + day, timestamptz '2026-01-01 06:00Z' + day * interval '1 day' + w.n * interval '1 second',
    'success', jsonb_build_object('rows', w.n * 1000, 'auc', 0.9), '1126-041833-' || w.n, w.n * 1000 + day
  from (select id, row_number() over (order by name) n from workflows) w cross join generate_series(0, 4) day;
`;
