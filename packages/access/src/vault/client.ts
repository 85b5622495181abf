import { readCaFile } from '../ca-file.ts';
import type { ResolvedEnvironment } from '../environment.ts';
import { AccessError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { explainRefusal, noAnswer, notVault, Refusal } from './refusal.ts';
import { retryDelay } from './retry-delay.ts';
import { NoAnswer, vaultTransport } from './transport.ts';
import { waysToGetAToken } from './ways-to-get-a-token.ts';

/** A request to Vault. */
export interface VaultRequest {
  /** Default: `POST` where there is a body, else `GET`. */
  readonly method?: 'GET' | 'POST';
  /** Below `/v1/`. */
  readonly path: string;
  readonly body?: object;
  /** What is asked for in the caller's words, for errors. Default: the path. */
  readonly about?: string;
  /** The token to ask with; `null` for none. Default: the client's. */
  readonly token?: Secret | null;
  /** Asks for the answer to be wrapped, with a life such as `15m`. */
  readonly wrapTtl?: string;
}

/** How patient a client is. */
export interface VaultPatience {
  /** How long one answer may take. Default: 5,000. */
  readonly timeoutMillis?: number;
  /** How often a request is tried that failed in passing. Default: 3. */
  readonly attempts?: number;
}

/** An answer of Vault's, as it comes. */
export type VaultAnswer = Readonly<Record<string, unknown>>;

/** A client for one environment's Vault. */
export interface VaultClient {
  readonly environment: ResolvedEnvironment;
  readonly address: string;
  /**
   * @throws AccessError `VAULT_UNAVAILABLE`, `VAULT_SEALED`, `VAULT_STANDBY`, `VAULT_UNINITIALIZED`,
   * `VAULT_RATE_LIMITED`, `VAULT_DENIED`, `VAULT_TOKEN_INVALID`, `VAULT_TOKEN_MISSING`, `SECRET_NOT_FOUND`.
   */
  ask(request: VaultRequest): Promise<VaultAnswer>;
}

/**
 * A client for the environment's Vault, made of node-vault over a transport of ours. Nothing is asked
 * until `ask` is called.
 *
 * What fails in passing is tried again: a quota as `Retry-After` says when that is at most 5 s, a
 * broken connection or a status of 500 and above after a moment.
 *
 * @param ownToken what is asked with when a request names none. Default: the environment's.
 * @throws AccessError `CREDENTIALS_MISSING` when no Vault is configured, `CONFIG_INVALID` when its CA
 * can't be read.
 * @example
 * const vault = await openVault(environment);
 * const {data} = await vault.ask({path: 'auth/token/lookup-self'});
 */
export async function openVault(
  environment: ResolvedEnvironment,
  { timeoutMillis = 5000, attempts = 3 }: VaultPatience = {},
  ownToken = environment.values.vaultToken?.value,
): Promise<VaultClient> {
  const { vaultAddress } = environment.values;
  if (!vaultAddress) throw noVault(environment);
  const { default: nodeVault } = await import('node-vault');
  const client = nodeVault({
    endpoint: vaultAddress.value,
    // Its debug output prints secrets' bodies.
    debug: () => {},
    'request-promise': vaultTransport(timeoutMillis, readCaFile(environment, 'vaultCaFile')),
  } as Parameters<typeof nodeVault>[0]);
  // node-vault takes these from the process, whose variables may be meant for another environment.
  Object.assign(client, { namespace: '', pathPrefix: '', token: '' });

  async function send(request: VaultRequest, token: Secret | null): Promise<VaultAnswer | Refusal> {
    const body = await client
      .request({
        path: `/${request.path}`,
        method: request.method ?? (request.body ? 'POST' : 'GET'),
        ...(request.body ? { json: request.body } : {}),
        headers: {
          ...(token ? { 'X-Vault-Token': token.reveal() } : {}),
          ...(request.wrapTtl ? { 'X-Vault-Wrap-TTL': request.wrapTtl } : {}),
        },
      } as Parameters<typeof client.request>[0])
      .catch((error: unknown) => refusalOf(error, secretsOf(request, token)));
    return body ?? {};
  }

  async function ask(request: VaultRequest): Promise<VaultAnswer> {
    const token = request.token === undefined ? ownToken : request.token;
    if (token === undefined) throw noToken(environment);
    for (let attempt = 1; ; attempt += 1) {
      const result = await send(request, token).catch((error: unknown) => {
        if (error instanceof NoAnswer) return error;
        throw error;
      });
      if (!(result instanceof NoAnswer || result instanceof Refusal)) return result;
      const delay = attempt < attempts ? retryDelay(result, attempt) : undefined;
      if (delay === undefined) throw await explain(result, request, token);
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  /** With a 403 it is asked once whether the token lives at all: a policy is no reason to log in anew. */
  async function explain(failure: NoAnswer | Refusal, request: VaultRequest, token: Secret | null) {
    if (failure instanceof NoAnswer) return noAnswer(failure, environment);
    let lives: boolean | undefined;
    if (failure.status === 403 && failure.errors && token) {
      const self = { path: 'auth/token/lookup-self' };
      const asked =
        request.path === self.path ? failure : await send(self, token).catch(() => ({}));
      lives = !(asked instanceof Refusal && asked.status === 403);
    }
    return explainRefusal(failure, request.about ?? request.path, environment, lives);
  }

  return { environment, address: vaultAddress.value, ask };
}

/** The `data` of an answer that has to have some. */
export function dataOf(answer: VaultAnswer, { environment }: VaultClient): VaultAnswer {
  if (typeof answer.data !== 'object' || answer.data === null) throw notVault(environment, 200);
  return answer.data as VaultAnswer;
}

/** What of a request may be secret: the token, and what of the body is as long as one. */
function secretsOf({ body }: VaultRequest, token: Secret | null): string[] {
  const texts = Object.values(body ?? {}).filter((value) => typeof value === 'string');
  return [...(token ? [token.reveal()] : []), ...texts.filter((text) => text.length >= 16)];
}

/** @param secrets what was sent: whatever answers may quote it, and its words are shown. */
function refusalOf(error: unknown, secrets: readonly string[]): Refusal {
  if (error instanceof NoAnswer) throw error;
  const { response } = error as {
    response?: {
      statusCode: number;
      body?: { errors?: unknown; data?: unknown; retryAfter?: string };
    };
  };
  if (!response) throw error;
  const { errors, data, retryAfter } = response.body ?? {};
  const seconds = Number(retryAfter);
  // A deleted version of a secret is a 404 with data and without errors.
  const words = Array.isArray(errors)
    ? errors.map((text) => secrets.reduce(redacted, String(text)))
    : data === undefined
      ? undefined
      : [];
  return new Refusal(
    response.statusCode,
    words,
    retryAfter !== undefined && Number.isFinite(seconds) ? seconds : undefined,
  );
}

function redacted(text: string, secret: string): string {
  return text.replaceAll(secret, '[redacted]');
}

function noVault(environment: ResolvedEnvironment): AccessError {
  const { name } = environment;
  return new AccessError('CREDENTIALS_MISSING', `No Vault is configured for ${name}.`, {
    environment: name,
    suggestions: [
      `Say where it is: spire env set VAULT_ADDRESS https://vault.example.com:8200 -e ${name}`,
      ...waysToGetAToken(environment).slice(1),
    ],
  });
}

function noToken(environment: ResolvedEnvironment): AccessError {
  const message = `There is no Vault token for ${environment.name}.`;
  return new AccessError('VAULT_TOKEN_MISSING', message, {
    environment: environment.name,
    suggestions: waysToGetAToken(environment),
  });
}
