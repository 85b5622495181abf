const id = (end: number) => `'00000000-0000-4000-8000-${String(end).padStart(12, '0')}'`;
const json = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

/** A job config with a secret, a person or an address of the source wherever one has been seen. */
const DEFINITION = {
  new_cluster: {
    num_workers: 4,
    docker_image: {
      url: 'ghcr.io/spire/run:1',
      basic_auth: { username: 'canary', password: 'ca"}],{\\canary\n' },
    },
    spark_env_vars: {
      VAULT_TOKEN: 'canary',
      DB_PASSWORD: 'canary \\" canary',
      AWS_SECRET_ACCESS_KEY: '{{secrets/canary/key}}',
      DB_USER: 'canary',
      DEPLOYMENT_ENV: 'canary',
      DB_HOSTNAME: 'canary.example.com',
      VAULT_ADDRESS: 'https://canary.example.com:8200',
      VAULT_READ_PATH: 'secret/canary/db',
      COUNTRY: 'it\'s "US", \\ and: {more}',
    },
    spark_conf: {
      'fs.s3a.secret.key': 'canary',
      'spark.metastore': 'jdbc:postgresql://canary:ca@nary:5432/hive',
      'spark.other': 'jdbc:postgresql://host/hive?password=canary&ssl=true',
    },
    custom_tags: { owner: 'who\ncanary.one+two@mail.example.com', git: 'git@github.com:spire/run' },
  },
  notebook_task: {
    notebook_path: '/spire/run',
    base_parameters: { api_token: 'canary', vault_token: 777000777, tries: 5, none: null },
  },
  idempotency_token: 'canary',
  email_notifications: { on_failure: ['canary@example.com'] },
  access_control_list: [{ user_name: 'canary', permission_level: 'IS_OWNER' }],
  run_as: { user_name: 'canary' },
  tasks: [{ spark_env_vars: { vault_token: 'canary', Deployment_Env: 'canary' } }, []],
  backend_config: { spark_env_vars: { VAULT_TOKEN: 'canary', DEPLOYMENT_ENV: 'canary', A: '1' } },
};

/** What comes of it under the terms of `TERMS`. */
export const MASKED_DEFINITION = {
  new_cluster: {
    num_workers: 4,
    docker_image: { url: 'ghcr.io/spire/run:1' },
    spark_env_vars: {
      DEPLOYMENT_ENV: 'development',
      DB_HOSTNAME: 'development.example.com',
      VAULT_ADDRESS: 'https://vault.example.com:8200',
      VAULT_READ_PATH: 'secret/development/db',
      COUNTRY: 'it\'s "US", \\ and: {more}',
    },
    spark_conf: {
      'spark.metastore': 'jdbc:postgresql://nary:5432/hive',
      'spark.other': 'jdbc:postgresql://host/hive?password=masked&ssl=true',
    },
    custom_tags: { owner: 'who\nnobody@example.invalid', git: 'git@github.com:spire/run' },
  },
  notebook_task: {
    notebook_path: '/spire/run',
    base_parameters: { tries: 5, none: null },
  },
  tasks: [{ spark_env_vars: { Deployment_Env: 'development' } }, []],
  backend_config: { spark_env_vars: { DEPLOYMENT_ENV: 'development', A: '1' } },
};

const SCHEDULE = {
  logic: 'scheduled_stages',
  args: {
    assembly: { logic: 'cron', args: { cron_interval: '0 6 * * 1', start_date: '2026-01-01' } },
    training: { logic: 'expiration', args: { expiration_date: '2026-01-01' }, more: [1] },
    scoring: {
      logic: 'countdown',
      args: { stage: 'training', seconds_until_stale: 60, n_tries: 3 },
    },
  },
};

const SHARED = `
insert into workflows (id, name, description, enabled, is_proxy) values
  (${id(1)}, 'spire_adobe_30', 'Beauty > In-Market', true, false),
  (${id(2)}, 'spire_ncs_31', 'It''s "odd"', true, true);
insert into datasets values (${id(11)}, '{"family": "binary", "classes": {}}');
insert into workflow_datasets values (${id(1)}, ${id(11)});
insert into features values (${id(21)}, '{"name": "clicks", "columns": ["a"]}');
insert into workflow_features values (${id(1)}, ${id(21)});
insert into tags values (${id(31)}, 'beauty');
insert into workflow_tags values (${id(1)}, ${id(31)});
insert into trait_workflows (trait_id, workflow_id) values (30, ${id(1)});
insert into schedules values (${id(1)}, ${json(SCHEDULE)});
insert into job_configs (name, type, definition) values
  ('training', 'SpireNotebookJobConfig', ${json(DEFINITION)}), ('bare', 'Else', '{}');
insert into dfp_orders (advertiser, order_id, start_date, last_processed_date, active) values
  ('Canary Inc.', 777000777, '2026-01-01', null, true),
  ('Canary Inc.', 777000777001, '2026-01-02', '2026-01-03', false),
  ('${'canary'.padEnd(100, 'y')}', 9007199254740991, '2026-01-02', '-infinity', true);
insert into history
  (id, workflow_id, stage, arg_date, execution_date, status, stats, info, warnings, error, traceback)
values
  (${id(41)}, ${id(1)}, 'training', '2026-01-01', '2026-01-02 03:04:05.678901+00', 'failed',
    '{"auc": 0.81, "rows": {"all": [1e3, null]}, "model": "canary", "by": {"x": ["canary"]}, "canary@example.com": 1}',
    '{"user": "canary"}', '["canary"]', 'no row for canary@example.com', 'line 1: canary'),
  (${id(42)}, ${id(2)}, 'scoring', null, 'infinity', 'success',
    '{"auc": 0.5, "count": -12, "by": {"low": [1, null]}, "done": true}', '[]', 'null', null, null),
  (${id(43)}, ${id(2)}, 'training', '-infinity', '2026-01-02', 'failed', '"canary"', '"canary"', '{}',
    'no row for canary@example.com', 'canary'),
  (${id(44)}, ${id(2)}, 'training', '2026-01-01', '2026-01-02', 'failed', '["canary", 1]', '{}', '{}',
    'canary: ' || repeat('x', 1000000), null);
`;

/** Rows of the modern tables. */
export const modernCanaries = `${SHARED}
update history set cluster_id = 'canary', run_id = 777000777;
insert into workflow_job_configs (workflow_id, stage, job_config_name) values (${id(1)}, 'training', 'training');
insert into cluster_status values (${id(1)}, 'training', 'canary', 777000777);
insert into postprocessors (workflow_id, position, type, strategy, thresholds, buckets) values
  (${id(1)}, 0, 'thresholder', 'decile', '{0.1,NaN,Infinity,NULL}', array['low', 'very "high"', null]),
  (${id(1)}, 1, null, null, '{}', '{}');
`;

/** Rows of the tables that Alembic left, with definitions of job configs that only they can hold. */
export const legacyCanaries = `${SHARED}
insert into job_configs (name, type, definition) values
  ('spaced', 'x', '{ "VAULT_TOKEN" :  "canary" , "b":1,"c" : [ 1, 2 ]}'),
  ('nul', 'x', '{"a": "\\u0000", "token": "canary"}'),
  ('half', 'x', '{"token": "canary", "a": "\\ud800"}'),
  ('huge', 'x', '{"size": 1e999999, "token": 1e999999, "more": true}'),
  ('twice', 'x', '{"token": "canary", "token": "canary"}'),
  ('null', 'x', 'null'), ('list', 'x', '["canary@example.com"]'), ('text', 'x', '"token"'),
  ('places', 'x', '{"new_cluster": [], "spark_env_vars": "x", "backend_config": {"spark_env_vars": [1]}}');
insert into workflow_jobconfigs values (${id(1)}, 'training', 'TRAINING');
insert into cluster_status values (${id(1)}, 'assembly_status', ${id(51)}), (${id(1)}, 'training_status', ${id(52)});
insert into assembly_status values ('canary', 777000777, ${id(51)});
insert into training_status values ('canary', 777000777, ${id(52)});
insert into postprocess values (${id(1)}, ${id(61)}, 'thresholder');
insert into thresholds values (${id(61)}, 'decile', 'NaN', '{low,"very high"}');
insert into schedules values (${id(2)}, null), (${id(2)}, 'null'), (${id(2)}, '"daily"');
`;
