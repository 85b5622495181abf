import { describe, expect, test } from 'vitest';
import { explainDefinition } from './explain.ts';
import { JOB_CONFIG_TYPES, type JobConfigType, jobConfigDefinition } from './job-config.ts';
import { jobConfigInput } from './job-config-input.ts';

const run = (more: object = { notebook_task: { notebook_path: '/score' } }) => ({
  new_cluster: { num_workers: 2, spark_env_vars: { DEPLOYMENT_ENV: 'staging' } },
  ...more,
});
const project = {
  uri: 'https://example.com/project',
  entry_point: 'train',
  parameters: { rows: 5 },
  experiment_id: '12',
};
const oneNotebook = (args: unknown) =>
  run({ notebook_task: { base_parameters: { target_module: 'm', target_method: 'f', args } } });

const accepted: [JobConfigType, unknown][] = [
  ['SpireNotebookJobConfig', run()],
  ['SpireTrainingNotebookJobConfig', run({ spark_python_task: { python_file: 'a.py' } })],
  [
    'SpireScoringNotebookJobConfig',
    run({
      notebook_task: {},
      libraries: [{ jar: 'x' }],
      timeout_seconds: 60,
      idempotency_token: 'a',
    }),
  ],
  ['SpireVendorNotebookJobConfig', run({ spark_submit_task: {}, notebook_task: null, tags: [1] })],
  ['OneNotebookJobConfig', oneNotebook('{"days": 3}')],
  ['SpireJarJobConfig', run({ spark_jar_task: { main_class_name: 'Main' } })],
  ['MLFlowProjectAssemblyJobConfig', project],
  ['MLFlowProjectTrainingJobConfig', { ...project, experiment_id: 12, version: 'main' }],
  [
    'MLFlowProjectScoringJobConfig',
    { ...project, backend_config: { spark_env_vars: { VAULT_TOKEN: 'legacy rows may' } } },
  ],
];

const oneOf =
  'expected exactly one of notebook_task, spark_jar_task, spark_python_task, spark_submit_task';
const anyJson = 'expected a JSON object in a text such as "{}"';
const rejected: [string, JobConfigType, unknown, string[]][] = [
  ['no task', 'SpireNotebookJobConfig', run({}), [`job: ${oneOf}, got none`]],
  [
    'two tasks',
    'SpireNotebookJobConfig',
    run({ notebook_task: {}, spark_jar_task: {} }),
    [`job: ${oneOf}, got notebook_task and spark_jar_task`],
  ],
  [
    'no cluster',
    'SpireNotebookJobConfig',
    { notebook_task: {} },
    ['job.new_cluster: expected a cluster such as {"num_workers": 2}, got nothing'],
  ],
  [
    'a notebook instead of a jar',
    'SpireJarJobConfig',
    run(),
    ['job.spark_jar_task: expected an object, got nothing'],
  ],
  [
    'args that are no JSON',
    'OneNotebookJobConfig',
    oneNotebook('days=3'),
    [`job.notebook_task.base_parameters.args: ${anyJson}, got "days=3"`],
  ],
  [
    'no project',
    'MLFlowProjectTrainingJobConfig',
    { ...project, uri: '', entry_point: undefined },
    [
      'job.uri: expected where the project is, such as "https://github.com/organisation/project", got ""',
      'job.entry_point: expected an entry point of the project such as "main", got nothing',
    ],
  ],
  [
    'a secret in the wrong place',
    'SpireNotebookJobConfig',
    { new_cluster: { spark_env_vars: { VAULT_TOKEN: ['hvs.secret'] } }, notebook_task: {} },
    [
      'job.new_cluster.spark_env_vars.VAULT_TOKEN: expected a text, a number, true, false or null, got a list',
    ],
  ],
];

describe('a job config', () => {
  test('has a definition for each type', () => {
    expect(accepted.map(([type]) => type)).toEqual(JOB_CONFIG_TYPES);
  });

  test.each(accepted)('of type %s is accepted', (type, definition) => {
    expect(jobConfigDefinition(type).parse(definition)).toStrictEqual(structuredClone(definition));
  });

  test.each(rejected)('is refused with %s', (_, type, definition, lines) => {
    const { error } = jobConfigDefinition(type).safeParse(definition);
    expect(error && explainDefinition(error, 'job')).toEqual(lines);
  });
});

describe('a job config to be stored', () => {
  const explain = (definition: unknown, type: unknown = 'SpireNotebookJobConfig') => {
    const { error } = jobConfigInput.safeParse({ name: 'score', type, definition });
    return error && explainDefinition(error);
  };
  const secret =
    'expected no secret in a stored definition: leave it out, since a context fills it in when the job runs, or refer to it as {{secrets/scope/key}}';

  test('may refer to secrets', () => {
    const spark_env_vars = {
      VAULT_TOKEN: '{{secrets/spire/vault}}',
      DB_PASSWORD: '',
      GHCR_PASSWORD: null,
      DB_HOSTNAME: 'db.example.com',
    };
    const docker_image = { url: 'x', basic_auth: { username: 'u', password: '{{secrets/a/b}}' } };
    expect(explain({ new_cluster: { spark_env_vars, docker_image }, notebook_task: {} })).toBe(
      undefined,
    );
  });

  test('holds none', () => {
    const spark_env_vars = { VAULT_TOKEN: 'hvs.1', DB_PASSWORD: 'x', databricks_token: 'y' };
    const docker_image = { basic_auth: { username: 'u', password: 'z' } };
    expect(explain({ new_cluster: { spark_env_vars, docker_image }, notebook_task: {} })).toEqual([
      `definition.new_cluster.spark_env_vars.VAULT_TOKEN: ${secret}`,
      `definition.new_cluster.spark_env_vars.DB_PASSWORD: ${secret}`,
      `definition.new_cluster.spark_env_vars.databricks_token: ${secret}`,
      `definition.new_cluster.docker_image.basic_auth.password: ${secret}`,
    ]);
    expect(
      explain(
        { ...project, backend_config: { spark_env_vars: { A_SECRET: 'x' } } },
        'MLFlowProjectScoringJobConfig',
      ),
    ).toEqual([`definition.backend_config.spark_env_vars.A_SECRET: ${secret}`]);
  });

  test('is of a known type and has a name', () => {
    expect(explain(run(), 'NotebookJobConfig')).toEqual([
      'type: expected "SpireNotebookJobConfig", "SpireTrainingNotebookJobConfig", "SpireScoringNotebookJobConfig", "SpireVendorNotebookJobConfig", "OneNotebookJobConfig", "SpireJarJobConfig", "MLFlowProjectAssemblyJobConfig", "MLFlowProjectTrainingJobConfig" or "MLFlowProjectScoringJobConfig", got "NotebookJobConfig"',
    ]);
    const { error } = jobConfigInput.safeParse({ type: 'SpireJarJobConfig' });
    expect(error && explainDefinition(error)).toEqual([
      'name: expected a name of 1 to 255 characters, got nothing',
      'definition: expected the definition of a job, got nothing',
    ]);
  });
});
