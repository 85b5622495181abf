import { afterAll, beforeAll, expect, it } from 'vitest';
import { type JobConfigInput, SpireDBConnector } from '../src/index.ts';
import { localEnvironment } from './local-environment.ts';

let local: Awaited<ReturnType<typeof localEnvironment>>;
let spire: SpireDBConnector;

beforeAll(async () => {
  local = await localEnvironment();
  spire = await SpireDBConnector.create({ environment: 'local', variables: local.variables });
});
afterAll(async () => {
  await spire?.close();
  await local?.end();
});

const jar: JobConfigInput = {
  name: 'jar',
  type: 'SpireJarJobConfig',
  definition: {
    new_cluster: { num_workers: 2 },
    spark_jar_task: { main_class_name: 'a.B' },
    kept: true,
  },
};

it('creates, reads, lists, changes and removes', async () => {
  const made = await spire.jobConfigs.create(jar);
  expect(made).toMatchObject(jar);
  expect(await spire.jobConfigs.get('jar')).toEqual(made);
  await expect(spire.jobConfigs.create(jar)).rejects.toMatchObject({ code: 'JOB_CONFIG_EXISTS' });
  const changed = await spire.jobConfigs.update('jar', {
    definition: { ...(jar.definition as object), timeout_seconds: 60 },
  });
  expect(changed.definition).toMatchObject({ kept: true, timeout_seconds: 60 });
  expect(
    (await spire.jobConfigs.list({ search: 'JA' })).jobConfigs.map(({ name }) => name),
  ).toEqual(['jar']);
  expect((await spire.jobConfigs.list({ type: 'OneNotebookJobConfig' })).jobConfigs).toEqual([]);
  await spire.jobConfigs.delete('jar');
  await expect(spire.jobConfigs.get('jar')).rejects.toMatchObject({ code: 'JOB_CONFIG_NOT_FOUND' });
});

it('keeps a job config that a workflow uses, and names the workflow', async () => {
  await spire.jobConfigs.create({ ...jar, name: 'used' });
  await spire.workflows.create({
    name: 'spire_user',
    description: '',
    jobConfigs: { scoring: 'used' },
  });
  await expect(spire.jobConfigs.delete('used')).rejects.toMatchObject({
    code: 'JOB_CONFIG_IN_USE',
    message: expect.stringContaining('spire_user'),
  });
});

it('refuses a definition of another type', async () => {
  const wrong = { ...jar, name: 'wrong', type: 'MLFlowProjectScoringJobConfig' };
  await expect(spire.jobConfigs.create(wrong as JobConfigInput)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/^definition/m),
  });
});

it('refuses a secret in a stored definition, and does not show it', async () => {
  const secret = 'hvs.canary-0123456789';
  const wrong = {
    ...jar,
    name: 'leaky',
    definition: {
      ...(jar.definition as object),
      new_cluster: { spark_env_vars: { VAULT_TOKEN: secret } },
    },
  };
  const error = await spire.jobConfigs.create(wrong as JobConfigInput).catch((caught) => caught);
  expect(error).toMatchObject({ code: 'INVALID_INPUT' });
  expect(error.message).not.toContain(secret);
});
