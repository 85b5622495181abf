import type { ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import { NoAnswer, vaultTransport } from './vault-transport.ts';

/** A secret as Vault keeps it: its fields, and a version that changes when it is written. */
export interface VaultSecret {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly version: string;
}

/** What Vault says of the token it was asked with. */
export interface TokenStatus {
  /** Seconds it still lives; undefined: for ever. */
  readonly secondsLeft: number | undefined;
  readonly renewable: boolean;
}

/** The few things Spire asks of Vault. */
export interface Vault {
  /** Reads a secret from KV v1 or v2, whichever is mounted there. */
  readSecret(path: string): Promise<VaultSecret>;
  tokenStatus(): Promise<TokenStatus>;
}

const TIMEOUT_MILLIS = 5000;

/**
 * A client for the environment's Vault, made of node-vault over a transport of ours. Nothing is asked
 * until a method is called.
 *
 * @throws AccessError `CREDENTIALS_MISSING` (no Vault configured), `VAULT_TOKEN_MISSING`; its methods
 * `VAULT_UNAVAILABLE`, `VAULT_SEALED`, `VAULT_RATE_LIMITED`, `VAULT_DENIED`, `SECRET_NOT_FOUND`,
 * `SECRET_MALFORMED`.
 * @example
 * const secret = await (await connectVault(environment)).readSecret('secret/team/db');
 */
export async function connectVault(
  environment: ResolvedEnvironment,
  timeoutMillis = TIMEOUT_MILLIS,
): Promise<Vault> {
  const address = environment.values.vaultAddress?.value;
  const token = environment.values.vaultToken?.value;
  if (!address) {
    throw new AccessError(
      'CREDENTIALS_MISSING',
      `No Vault is configured for ${environment.name}.`,
      {
        environment: environment.name,
        suggestions: [
          `Set VAULT_ADDRESS for ${environment.name} in the config file or as a variable.`,
          ...waysToGetAToken(environment),
        ],
      },
    );
  }
  if (!token) {
    throw new AccessError(
      'VAULT_TOKEN_MISSING',
      `There is no Vault token for ${environment.name}.`,
      {
        environment: environment.name,
        suggestions: waysToGetAToken(environment),
      },
    );
  }
  const { default: nodeVault } = await import('node-vault');
  const client = nodeVault({
    endpoint: address,
    token: token.reveal(),
    // Its debug output prints secrets' bodies.
    debug: () => {},
    'request-promise': vaultTransport(timeoutMillis),
  } as Parameters<typeof nodeVault>[0]);
  // node-vault takes these from the process, whose variables may be meant for another environment.
  Object.assign(client, { namespace: '', pathPrefix: '' });
  /** @param path what is read in the caller's words, for errors. */
  const read = async (apiPath: string, path: string): Promise<Record<string, unknown>> => {
    const body = await client.read(apiPath).then(record, (error: unknown) => {
      throw explain(error, path, environment);
    });
    if (!('data' in body)) throw notVault(environment, 200);
    return record(body.data);
  };
  return {
    async readSecret(path) {
      const { path: mountPath, options } = await read(`sys/internal/ui/mounts/${path}`, path);
      const isV2 = record(options).version === '2';
      const apiPath = isV2 ? `${mountPath}data/${path.slice(String(mountPath).length)}` : path;
      const data = await read(apiPath, path);
      if (!isV2) return { fields: data, version: fingerprint(data) };
      const { version } = record(data.metadata);
      return { fields: record(data.data), version: String(version) };
    },
    async tokenStatus() {
      const data = await read('auth/token/lookup-self', 'auth/token/lookup-self');
      const seconds = Number(data.ttl);
      return {
        secondsLeft: data.expire_time ? seconds : undefined,
        renewable: data.renewable === true,
      };
    },
  };
}

/** The same four ways, wherever a token is missing. */
function waysToGetAToken(environment: ResolvedEnvironment): string[] {
  const who = environment.contacts.length > 0 ? environment.contacts.join(', ') : 'DevOps';
  return [
    `Log in to Vault and set VAULT_TOKEN for ${environment.name}.`,
    `Take it from a cluster or deployment of ${environment.name} that has one.`,
    'Let a colleague hand one over.',
    `Ask ${who}.`,
  ];
}

function explain(error: unknown, path: string, environment: ResolvedEnvironment): AccessError {
  const address = environment.values.vaultAddress?.value;
  const at = { environment: environment.name };
  if (error instanceof NoAnswer) {
    const start = environment.name === 'local' ? ['Start it: spire local up'] : [];
    return new AccessError(
      'VAULT_UNAVAILABLE',
      `Vault at ${address} doesn't answer (${error.reason}).`,
      {
        ...at,
        suggestions: [...start, `Check the address and the network: ${address}/v1/sys/health`],
      },
    );
  }
  const response = record((error as { response?: unknown }).response);
  const status = Number(response.statusCode);
  const { retryAfter, errors, data } = record(response.body);
  if (status === 404 && !errors && data === undefined) return notVault(environment, status);
  switch (status) {
    case 403:
      return new AccessError('VAULT_DENIED', `Vault at ${address} refuses this token on ${path}.`, {
        ...at,
        suggestions: [
          'The token may have expired, or its policy may not cover the path.',
          ...waysToGetAToken(environment),
        ],
      });
    case 404:
      return new AccessError('SECRET_NOT_FOUND', `Vault at ${address} has no secret at ${path}.`, {
        ...at,
        suggestions: [`Check VAULT_READ_PATH of ${environment.name}.`],
      });
    case 429:
      return new AccessError('VAULT_RATE_LIMITED', `Vault at ${address} asks to slow down.`, {
        ...at,
        suggestions: [`Try again ${retryAfter ? `in ${retryAfter} s` : 'in a while'}.`],
      });
    case 503:
      return new AccessError('VAULT_SEALED', `Vault at ${address} is sealed.`, {
        ...at,
        suggestions: ['Somebody has to unseal it: ask DevOps.'],
      });
    default:
      return new AccessError(
        'VAULT_UNAVAILABLE',
        `Vault at ${address} answered with status ${status}.`,
        {
          ...at,
          suggestions: [`Look at its health: ${address}/v1/sys/health`],
        },
      );
  }
}

/** A web server or a gateway may answer at a wrong address. */
function notVault(environment: ResolvedEnvironment, status: number): AccessError {
  const address = environment.values.vaultAddress?.value;
  const message = `What answers at ${address} doesn't seem to be Vault (status ${status}).`;
  return new AccessError('VAULT_UNAVAILABLE', message, {
    environment: environment.name,
    suggestions: [`Check the address and the network: ${address}/v1/sys/health`],
  });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** KV v1 has no versions: a digest of the fields stands for one. */
function fingerprint(fields: Record<string, unknown>): string {
  const sorted = Object.keys(fields)
    .sort()
    .map((key) => [key, fields[key]]);
  // Not by `import`: reads of KV v2 do without.
  return process
    .getBuiltinModule('node:crypto')
    .hash('sha256', JSON.stringify(sorted))
    .slice(0, 12);
}
