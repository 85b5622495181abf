import { type ApiAnswer, type ApiServer, startApi } from './api-server.ts';

/** A deployment as the API shows it, with the values of secrets, which it doesn't show. */
export interface AstronomerDeployment {
  readonly id: string;
  readonly name: string;
  readonly workspaceId?: string;
  readonly workspaceName?: string;
  readonly environmentVariables?: readonly AstronomerVariable[];
  /** What the Environment Manager gives it; listed apart. */
  readonly linkedVariables?: readonly AstronomerVariable[];
}

/** A variable; its value isn't shown when it is secret. */
export interface AstronomerVariable {
  readonly key: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** What Astronomer has. */
export interface StartAstronomerOptions {
  /** The token that it takes. */
  readonly token: string;
  readonly organizations: readonly {
    readonly id: string;
    readonly name: string;
    readonly deployments?: readonly AstronomerDeployment[];
  }[];
  /** How many items are on a page at most, whatever is asked for. Default: 20. */
  readonly pageSize?: number;
}

/**
 * Starts a stand-in for Astronomer's API: the requests that read organizations, deployments and
 * environment variables, with the paths, statuses, pages and bodies of the real one.
 *
 * @example
 * const astronomer = await startAstronomer({ token: 't', organizations: [{ id: 'o', name: 'Acme' }] });
 */
export function startAstronomer(options: StartAstronomerOptions): Promise<ApiServer> {
  const { token, organizations, pageSize = 20 } = options;

  const page = (key: string, items: readonly unknown[], query: URLSearchParams): ApiAnswer => {
    const offset = Number(query.get('offset') ?? 0);
    const limit = Math.min(Number(query.get('limit') ?? pageSize), pageSize);
    const body = { [key]: items.slice(offset, offset + limit), limit, offset };
    return { body: { ...body, totalCount: items.length } };
  };

  return startApi(token, ({ url: { pathname, searchParams: query }, authorization }) => {
    if (authorization !== `Bearer ${token}`) return failure(401, 'invalid authorization token');
    const [version, kind, organizationId, list, id] = pathname.slice(1).split('/');
    if (version !== 'v1' || kind !== 'organizations') return failure(404, 'not found');
    if (!organizationId) {
      const shown = organizations.map(({ deployments: _, ...organization }) => organization);
      return page('organizations', shown, query);
    }
    const organization = organizations.find((one) => one.id === organizationId);
    const deployments = organization?.deployments ?? [];
    if (list === 'deployments' && !id) {
      return page('deployments', deployments.map(shownDeployment), query);
    }
    if (list === 'deployments') {
      const deployment = deployments.find((one) => one.id === id);
      return deployment ? { body: shownDeployment(deployment) } : failure(404, 'not found');
    }
    if (list === 'environment-objects') {
      const deployment = deployments.find((one) => one.id === query.get('deploymentId'));
      const linked =
        query.get('resolveLinked') === 'true' ? (deployment?.linkedVariables ?? []) : [];
      const objects = linked.map(({ key, value, isSecret }) => ({
        objectKey: key,
        objectType: 'ENVIRONMENT_VARIABLE',
        scope: 'DEPLOYMENT',
        scopeEntityId: deployment?.id,
        environmentVariable: {
          isSecret,
          value: isSecret && query.get('showSecrets') !== 'true' ? '' : value,
        },
      }));
      return page('environmentObjects', objects, query);
    }
    return failure(404, 'not found');
  });
}

function shownDeployment(deployment: AstronomerDeployment) {
  const { linkedVariables: _, environmentVariables = [], ...shown } = deployment;
  return {
    ...shown,
    environmentVariables: environmentVariables.map(({ key, value, isSecret }) =>
      isSecret ? { key, isSecret } : { key, value, isSecret },
    ),
  };
}

function failure(statusCode: number, message: string): ApiAnswer {
  return { status: statusCode, body: { message, requestId: 'request-1', statusCode } };
}
