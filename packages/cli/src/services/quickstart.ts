import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type JobConfigInput,
  type NamedRun,
  SpireDBConnector,
  SpireDBError,
  type WorkflowInput,
} from '@spire/sdk';
import { loadInput } from '../load-input.ts';
import { startLocal } from './local-environment.ts';
import type { LocalPaths } from './local-paths.ts';
import { migrateEnvironment } from './migrate-environment.ts';
import { seed } from './seed.ts';
import type { ServerPairState } from './server-pair.ts';
import { type Step, type StepWatcher, stepRunner } from './steps.ts';

/** What the quickstart works with. */
export interface QuickstartOptions extends StepWatcher {
  readonly paths: LocalPaths;
  /** Directory with `workflow.yml` and `job-configs/`. */
  readonly examples: string;
  readonly toolVersion: string;
  readonly variables: NodeJS.ProcessEnv;
}

/** What came of it. */
export interface QuickstartResult {
  readonly local: ServerPairState;
  readonly steps: readonly Step[];
  /** Name of the workflow made from the example. */
  readonly workflow: string;
  /** The latest runs, newest first. */
  readonly runs: readonly NamedRun[];
}

/**
 * Starts the local environment, fills it, and does the main job once: from a file to a workflow whose
 * run is recorded, with the credential read from Vault. What is there already is kept.
 */
export async function quickstart(options: QuickstartOptions): Promise<QuickstartResult> {
  const { step, steps } = stepRunner(options);
  const local = await step(
    'Starting Postgres and Vault on this machine',
    () => startLocal(options.paths),
    (state) =>
      `Postgres on port ${state.postgres.port} and Vault on port ${state.vault.port} are running`,
  );
  await using spire = await step(
    'Connecting with the credential from Vault',
    () => connect(options.variables),
    ({ environment, pool }) =>
      `Read the password of ${pool.options.user} from Vault, ${environment.values.readPath?.value}`,
  );
  await step(
    'Migrating',
    () => migrateEnvironment(spire, options.toolVersion),
    ({ applied }) =>
      applied.length > 0 ? `Applied ${applied.length} migrations` : 'No migration pending',
  );
  await step(
    'Seeding',
    () => seed(spire),
    (report) =>
      report
        ? `Seeded ${report.workflows} workflows, ${report.jobConfigs} job configs and ${report.runs} runs`
        : 'Kept the workflows that are there',
  );
  await step(
    'Creating job configs',
    () => ensureJobConfigs(spire, join(options.examples, 'job-configs')),
    ({ created, total }) =>
      created > 0
        ? `Created ${created} job configs from examples/job-configs`
        : `Kept the ${total} job configs of examples/job-configs`,
  );
  const input = (await loadInput(join(options.examples, 'workflow.yml'))) as WorkflowInput & {
    traitId: number;
  };
  await step(
    'Creating a workflow',
    () => ensureWorkflow(spire, input),
    (created) =>
      `${created ? 'Created' : 'Kept'} workflow ${input.name} from examples/workflow.yml`,
  );
  const workflow = await step(
    'Reading it back',
    () => spire.workflows.getByTrait(input.traitId),
    ({ traitId, name }) => `Read it back by its trait ${traitId}: ${name}`,
  );
  await step(
    'Recording a run',
    () =>
      spire.history.record({
        workflowId: workflow.id,
        stage: 'training',
        argDate: new Date().toISOString().slice(0, 10),
        status: 'success',
        stats: { rows: 12_345, auc: 0.91 },
      }),
    ({ stage, argDate }) => `Recorded a successful ${stage} run for ${argDate}`,
  );
  const runs = await step(
    'Looking at the latest runs',
    () => spire.history.latest({ limit: 8 }),
    (found) => `Found the latest ${found.length} runs`,
  );
  return { local, steps, workflow: workflow.name, runs };
}

function connect(variables: NodeJS.ProcessEnv): Promise<SpireDBConnector> {
  return SpireDBConnector.create({
    environment: 'local',
    access: 'read-write',
    variables,
    pool: { max: 2, applicationName: 'spire quickstart', direct: true },
  });
}

async function ensureJobConfigs(spire: SpireDBConnector, directory: string) {
  const files = readdirSync(directory).sort();
  let created = 0;
  for (const file of files) {
    const input = (await loadInput(join(directory, file))) as JobConfigInput;
    if (await unlessExists('JOB_CONFIG_EXISTS', () => spire.jobConfigs.create(input))) created += 1;
  }
  return { created, total: files.length };
}

async function ensureWorkflow(spire: SpireDBConnector, input: WorkflowInput): Promise<boolean> {
  return unlessExists('WORKFLOW_EXISTS', () => spire.workflows.create(input));
}

/** Whether something was made; false when it was there. */
async function unlessExists(
  code: 'JOB_CONFIG_EXISTS' | 'WORKFLOW_EXISTS',
  create: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (error instanceof SpireDBError && error.code === code) return false;
    throw error;
  }
}
