import { type ApiAnswer, type ApiServer, startApi } from './api-server.ts';

/** A cluster as the API shows it. */
export interface DatabricksCluster {
  readonly cluster_id: string;
  readonly cluster_name: string;
  readonly cluster_source?: string;
  readonly spark_env_vars?: Readonly<Record<string, string>>;
}

/** A job as the API shows it. */
export interface DatabricksJob {
  readonly job_id: number;
  readonly settings: {
    readonly name: string;
    readonly job_clusters?: readonly unknown[];
    readonly tasks?: readonly unknown[];
  };
}

/** What a workspace has. */
export interface StartDatabricksOptions {
  /** The token that it takes. */
  readonly token: string;
  /** A service principal that may exchange its secret for the token. */
  readonly principal?: { readonly id: string; readonly secret: string };
  readonly clusters?: readonly DatabricksCluster[];
  readonly jobs?: readonly DatabricksJob[];
  /** How many items are on a page at most. Default: 20. */
  readonly pageSize?: number;
}

/**
 * Starts a stand-in for a Databricks workspace: the requests that read clusters and jobs, and the one
 * that makes a service principal's token, with the paths, statuses, pages and bodies of the real one.
 *
 * @example
 * const databricks = await startDatabricks({ token: 'dapi1', clusters: [{ cluster_id: '1', ... }] });
 */
export function startDatabricks(options: StartDatabricksOptions): Promise<ApiServer> {
  const { token, principal, clusters = [], jobs = [], pageSize = 20 } = options;

  const page = <T>(items: readonly T[], query: URLSearchParams) => {
    const start = Number(query.get('page_token') ?? 0);
    const end = start + pageSize;
    const next = end < items.length ? { next_page_token: String(end) } : {};
    return { items: items.slice(start, end), next };
  };

  const getJob = ({ job_id, settings }: DatabricksJob, query: URLSearchParams): ApiAnswer => {
    const job_clusters = page(settings.job_clusters ?? [], query);
    const tasks = page(settings.tasks ?? [], query);
    return {
      body: {
        job_id,
        settings: { ...settings, job_clusters: job_clusters.items, tasks: tasks.items },
        ...job_clusters.next,
        ...tasks.next,
      },
    };
  };

  return startApi(token, ({ url, authorization, form }) => {
    const query = url.searchParams;
    if (url.pathname === '/oidc/v1/token') {
      const pair = Buffer.from(`${principal?.id}:${principal?.secret}`).toString('base64');
      const isRight =
        authorization === `Basic ${pair}` &&
        form.get('grant_type') === 'client_credentials' &&
        form.get('scope') === 'all-apis';
      return isRight
        ? { body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } }
        : { status: 401, body: { error: 'invalid_client' } };
    }
    if (!authorization) return failure(401, '401', 'Credential was not sent');
    if (authorization !== `Bearer ${token}`) return failure(403, '403', 'Invalid access token.');
    switch (url.pathname) {
      case '/api/2.1/clusters/get': {
        const id = query.get('cluster_id');
        const cluster = clusters.find(({ cluster_id }) => cluster_id === id);
        return cluster ? { body: cluster } : absent(`Cluster ${id}`);
      }
      case '/api/2.1/clusters/list': {
        const { items, next } = page(clusters, query);
        // An empty list isn't sent.
        return { body: { ...(items.length > 0 ? { clusters: items } : {}), ...next } };
      }
      case '/api/2.2/jobs/get': {
        const id = query.get('job_id');
        const job = jobs.find(({ job_id }) => String(job_id) === id);
        return job ? getJob(job, query) : absent(`Job ${id}`);
      }
      case '/api/2.2/jobs/list': {
        const name = query.get('name')?.toLowerCase();
        const named = jobs.filter(({ settings }) => !name || settings.name.toLowerCase() === name);
        const { items, next } = page(named, query);
        return { body: { jobs: items, has_more: 'next_page_token' in next, ...next } };
      }
      default:
        return failure(404, 'ENDPOINT_NOT_FOUND', `No API found for 'GET ${url.pathname}'`);
    }
  });
}

/** The status is 400, as from the real one. */
function absent(what: string): ApiAnswer {
  return failure(400, 'INVALID_PARAMETER_VALUE', `${what} does not exist`);
}

function failure(status: number, error_code: string, message: string): ApiAnswer {
  return { status, body: { error_code, message } };
}
