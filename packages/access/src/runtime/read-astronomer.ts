import type { Secret } from '../secret.ts';
import { askRuntime, nameOf } from './ask-runtime.ts';
import { type Fields, fieldsOf, itemsOf, textOf } from './fields.ts';
import { type Named, pickOne } from './pick-one.ts';
import {
  bearer,
  DEFAULT_TIMEOUT_MILLIS,
  notConfigured,
  parseOrigin,
  type RuntimeServer,
} from './runtime-server.ts';
import { HIDDEN, knownVariables, type Runtime } from './runtime-variables.ts';

/** Which deployment of Astronomer, and who asks. Ids or names. */
export interface AstronomerOptions {
  /** Usually `process.env`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** What Spire's config file says; it counts when the variables have no token. */
  readonly own?:
    | { readonly host?: string | undefined; readonly token?: Secret | undefined }
    | undefined;
  /** Default: `ASTRO_ORGANIZATION_ID`, else the only one. */
  readonly organization?: string | undefined;
  /** Narrows the choice of the deployment. */
  readonly workspace?: string | undefined;
  /** Default: the only one. */
  readonly deployment?: string | undefined;
  /** How long one answer may take. Default: 10 s. */
  readonly timeoutMillis?: number | undefined;
}

/** The form of Astronomer's ids. */
const ID = /^c[a-z0-9]{24}$/;

/**
 * The variables of an Astronomer deployment: its own, and below them those that the Environment Manager
 * gives it. Secret ones are hidden.
 *
 * @throws AccessError `RUNTIME_NOT_CONFIGURED`, `RUNTIME_NOT_FOUND`, `RUNTIME_DENIED`,
 * `RUNTIME_RATE_LIMITED`, `RUNTIME_UNAVAILABLE`.
 * @example
 * const { variables } = await readAstronomer({ variables: process.env, deployment: 'etl' });
 */
export async function readAstronomer(options: AstronomerOptions): Promise<Runtime> {
  const server = openAstronomer(options);
  const root = `/v1/organizations/${encodeURIComponent(await findOrganization(server, options))}`;
  const id = await findDeployment(server, root, options);
  const deployment = await askRuntime(server, {
    path: `${root}/deployments/${encodeURIComponent(id)}`,
    subject: `deployment ${id}`,
  });
  const objects = await allItems(server, `${root}/environment-objects`, 'environmentObjects', {
    deploymentId: id,
    objectType: 'ENVIRONMENT_VARIABLE',
    resolveLinked: 'true',
    showSecrets: 'false',
  });
  return {
    description: `Astronomer deployment ${textOf(deployment.name)} (${id})`,
    variables: knownVariables([
      ...objects.map((one) => entryOf(one.objectKey, fieldsOf(one.environmentVariable))),
      ...itemsOf(deployment.environmentVariables).map((one) => entryOf(one.key, one)),
    ]),
  };
}

/** Each token goes to the host of its own source. */
function openAstronomer({ variables, own, timeoutMillis }: AstronomerOptions): RuntimeServer {
  const { ASTRO_API_TOKEN: token, ASTRO_API_URL: url, ASTRO_DOMAIN: domain } = variables;
  const given = token
    ? {
        token,
        host: url || (domain && `api.${domain.replace(/^cloud\./, '')}`),
        source: 'ASTRO_API_TOKEN',
      }
    : { token: own?.token?.reveal(), host: own?.host, source: "Spire's config file" };
  if (!given.token) {
    throw notConfigured('Nothing says how to reach Astronomer.', [
      'Set ASTRO_API_TOKEN to an API token of the organization, the workspace or the deployment.',
    ]);
  }
  const proof = `the token of ${given.source}`;
  return {
    service: 'Astronomer',
    origin: parseOrigin(given.host || 'api.astronomer.io', given.source),
    authorization: bearer(given.token, proof),
    proof,
    remedy: `Make a new one in Astronomer, and write it where this one is: ${given.source}.`,
    timeoutMillis: timeoutMillis ?? DEFAULT_TIMEOUT_MILLIS,
  };
}

async function findOrganization(
  server: RuntimeServer,
  { organization, variables }: AstronomerOptions,
): Promise<string> {
  const wanted = organization || variables.ASTRO_ORGANIZATION_ID;
  if (wanted && ID.test(wanted)) return wanted;
  const all = await allItems(server, '/v1/organizations', 'organizations');
  const words = { kind: 'organization', flag: '--organization', where: nameOf(server) };
  return pickOne(all.map(named), wanted, words).id;
}

async function findDeployment(
  server: RuntimeServer,
  root: string,
  { workspace, deployment: wanted }: AstronomerOptions,
): Promise<string> {
  if (wanted && ID.test(wanted)) return wanted;
  const all = await allItems(server, `${root}/deployments`, 'deployments');
  const within = all.filter(
    ({ workspaceId, workspaceName }) =>
      !workspace || workspace === workspaceId || workspace === workspaceName,
  );
  const words = { kind: 'deployment', flag: '--deployment', where: nameOf(server) };
  return pickOne(within.map(named), wanted, words).id;
}

function named({ id, name }: Fields): Named {
  return { id: textOf(id), name: textOf(name) };
}

/** Every item of a list that comes in pages. */
async function allItems(
  server: RuntimeServer,
  path: string,
  key: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Fields[]> {
  const items: Fields[] = [];
  for (;;) {
    const page = await askRuntime(server, {
      path,
      query: { ...query, limit: '100', offset: String(items.length) },
      subject: `the ${path.slice(path.lastIndexOf('/') + 1)}`,
    });
    const received = itemsOf(page[key]);
    items.push(...received);
    if (received.length === 0 || items.length >= Number(page.totalCount)) return items;
  }
}

function entryOf(key: unknown, { isSecret, value }: Fields): [string, unknown] {
  return [textOf(key), isSecret === true ? HIDDEN : value];
}
