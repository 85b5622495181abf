import { AccessError } from '../errors.ts';
import { askRuntime, nameOf } from './ask-runtime.ts';
import { type DatabricksAccess, openDatabricks } from './databricks-access.ts';
import { type Fields, fieldsOf, itemsOf, textOf } from './fields.ts';
import { pickOne } from './pick-one.ts';
import type { RuntimeServer } from './runtime-server.ts';
import { knownVariables, type Runtime, type RuntimeVariable } from './runtime-variables.ts';

/** Which cluster, or which job's clusters; without either, the only cluster that there is. */
export interface DatabricksOptions extends DatabricksAccess {
  /** Id or name. */
  readonly cluster?: string | undefined;
  /** Id or name; it goes before `cluster`. */
  readonly job?: string | undefined;
}

/**
 * The variables of a Databricks cluster, or of the clusters that a job makes.
 *
 * @throws AccessError `RUNTIME_NOT_CONFIGURED`, `RUNTIME_NOT_FOUND`, `RUNTIME_DENIED`,
 * `RUNTIME_RATE_LIMITED`, `RUNTIME_UNAVAILABLE`; `VALUES_CONFLICT` when a job's clusters disagree.
 * @example
 * const { variables } = await readDatabricks({ variables: process.env, cluster: 'etl' });
 */
export async function readDatabricks(options: DatabricksOptions): Promise<Runtime> {
  const server = await openDatabricks(options);
  return options.job ? readJob(server, options.job) : readCluster(server, options.cluster);
}

async function readCluster(server: RuntimeServer, wanted: string | undefined): Promise<Runtime> {
  const cluster =
    wanted && /^\d{4}-\d{6}-\w+$/.test(wanted)
      ? await askRuntime(server, {
          path: '/api/2.1/clusters/get',
          query: { cluster_id: wanted },
          subject: `cluster ${wanted}`,
        })
      : await findCluster(server, wanted);
  return {
    description: `Databricks cluster ${textOf(cluster.cluster_name)} (${textOf(cluster.cluster_id)})`,
    variables: knownVariables(variablesOf(cluster)),
  };
}

async function findCluster(server: RuntimeServer, wanted: string | undefined): Promise<Fields> {
  const pages = await allPages(
    server,
    '/api/2.1/clusters/list',
    { page_size: '100' },
    'the clusters',
  );
  const clusters = pages
    .flatMap((page) => itemsOf(page.clusters))
    // Those of past job runs and pipelines are listed too; nobody means one of them unless by name.
    .filter((cluster) => wanted || ['UI', 'API', ''].includes(textOf(cluster.cluster_source)))
    .map((cluster) => ({
      id: textOf(cluster.cluster_id),
      name: textOf(cluster.cluster_name),
      cluster,
    }));
  const words = { kind: 'cluster', flag: '--cluster', where: nameOf(server) };
  return pickOne(clusters, wanted, words).cluster;
}

async function readJob(server: RuntimeServer, wanted: string): Promise<Runtime> {
  const id = /^\d+$/.test(wanted) ? wanted : await findJob(server, wanted);
  const pages = await allPages(server, '/api/2.2/jobs/get', { job_id: id }, `job ${wanted}`);
  const settings = pages.map((page) => fieldsOf(page.settings));
  const tasks = settings
    .flatMap((page) => itemsOf(page.tasks))
    .flatMap((task) => [task, fieldsOf(fieldsOf(task.for_each_task).task)]);
  const clusters = [
    ...settings
      .flatMap((page) => itemsOf(page.job_clusters))
      .map((one) => ({ name: textOf(one.job_cluster_key), spec: one.new_cluster })),
    ...tasks.map((task) => ({ name: `of task ${textOf(task.task_key)}`, spec: task.new_cluster })),
  ].filter(({ spec }) => spec);
  const description = `Databricks job ${textOf(settings[0]?.name)} (${id})`;
  if (clusters.length === 0) throw noClusters(description, tasks);
  return { description, variables: agreedVariables(clusters, description) };
}

async function findJob(server: RuntimeServer, wanted: string): Promise<string> {
  const pages = await allPages(server, '/api/2.2/jobs/list', { name: wanted }, 'the jobs');
  const jobs = pages
    .flatMap((page) => itemsOf(page.jobs))
    // Databricks compares without case.
    .map((job) => ({ id: textOf(job.job_id), name: wanted }));
  return pickOne(jobs, wanted, { kind: 'job', flag: '--job', where: nameOf(server) }).id;
}

/** Every page of a list, in its order. */
async function allPages(
  server: RuntimeServer,
  path: string,
  query: Readonly<Record<string, string>>,
  subject: string,
): Promise<Fields[]> {
  const pages: Fields[] = [];
  let token = '';
  do {
    const page = await askRuntime(server, {
      path,
      query: { ...query, page_token: token },
      subject,
    });
    pages.push(page);
    token = textOf(page.next_page_token);
  } while (token);
  return pages;
}

function variablesOf(cluster: unknown): [string, unknown][] {
  return Object.entries(fieldsOf(fieldsOf(cluster).spark_env_vars));
}

/** The variables of several clusters as those of one. */
function agreedVariables(
  clusters: readonly { readonly name: string; readonly spec: unknown }[],
  job: string,
): RuntimeVariable[] {
  const firsts = new Map<string, { readonly cluster: string; readonly text: string }>();
  for (const { name: cluster, spec } of clusters) {
    for (const variable of knownVariables(variablesOf(spec))) {
      const { name } = variable;
      const text = variable.kind === 'value' ? variable.value.reveal() : JSON.stringify(variable);
      const first = firsts.get(name) ?? { cluster, text };
      if (first.text !== text) {
        const message = `${job}: its clusters ${first.cluster} and ${cluster} disagree on ${name}.`;
        throw new AccessError('VALUES_CONFLICT', message, {
          suggestions: [`Give both the same ${name} in Databricks.`],
        });
      }
      firsts.set(name, first);
    }
  }
  return knownVariables(clusters.flatMap(({ spec }) => variablesOf(spec)));
}

function noClusters(job: string, tasks: readonly Fields[]): AccessError {
  const ids = new Set(tasks.map((task) => textOf(task.existing_cluster_id)).filter(Boolean));
  return new AccessError('RUNTIME_NOT_FOUND', `${job} makes no cluster of its own.`, {
    suggestions: [...ids].slice(0, 10).map((id) => `It runs on another: --cluster ${id}`),
  });
}
