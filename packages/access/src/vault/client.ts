import { readCaFile } from '../ca-file.ts';
import type { ResolvedEnvironment } from '../environment.ts';
import { AccessError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { listVaultAddresses } from '../vault-addresses.ts';
import { methodOf, openNode, type VaultNode } from './node.ts';
import { explainRefusal, isOfNode, isSealed, noAnswer, notVault, Refusal } from './refusal.ts';
import { traced } from './request-channel.ts';
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
  /** How long one answer of one address may take. Default: 5,000. */
  readonly timeoutMillis?: number;
  /** How often a request is tried that failed in passing. Default: 3. */
  readonly attempts?: number;
}

/** An answer of Vault's, as it comes. */
export type VaultAnswer = Readonly<Record<string, unknown>>;

/** A client for one environment's Vault. */
export interface VaultClient {
  readonly environment: ResolvedEnvironment;
  /** The one of its addresses that answered last; the first as long as none did. */
  readonly address: string;
  /**
   * @throws AccessError `VAULT_UNAVAILABLE`, `VAULT_SEALED`, `VAULT_STANDBY`, `VAULT_UNINITIALIZED`,
   * `VAULT_RATE_LIMITED`, `VAULT_DENIED`, `VAULT_TOKEN_INVALID`, `VAULT_TOKEN_MISSING`, `SECRET_NOT_FOUND`.
   */
  ask(request: VaultRequest): Promise<VaultAnswer>;
}

/** What a node didn't do. */
interface Failure {
  readonly node: VaultNode;
  readonly result: NoAnswer | Refusal;
}

/**
 * A client for the environment's Vault, made of node-vault over a transport of ours. Nothing is asked
 * until `ask` is called.
 *
 * Of several addresses, the one that answered last is asked first. When it doesn't answer, is sealed, a
 * standby that can't, or broken, the next one is asked at once, and so on, once round. Then what fails in
 * passing is tried again: a quota as `Retry-After` says when that is at most 5 s, a broken connection or
 * a status of 500 and above after a moment.
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
  const transport = vaultTransport(timeoutMillis, readCaFile(environment, 'vaultCaFile'));
  const addresses = listVaultAddresses(vaultAddress.value);
  const nodes = await Promise.all(addresses.map((address) => openNode(address, transport)));
  /** Of the one that answered last. */
  let first = 0;

  async function ask(request: VaultRequest): Promise<VaultAnswer> {
    const token = request.token === undefined ? ownToken : request.token;
    if (token === undefined) throw noToken(environment);
    for (let attempt = 1; ; attempt += 1) {
      const result = await askRound(request, token, attempt);
      if (!Array.isArray(result)) return result;
      const delays = result.flatMap((failure) => retryDelay(failure.result, attempt) ?? []);
      if (attempt >= attempts || delays[0] === undefined) {
        throw await explain(result, request, token);
      }
      await new Promise((resolve) => setTimeout(resolve, delays[0]));
    }
  }

  function sendTo(node: VaultNode, request: VaultRequest, token: Secret | null, attempt: number) {
    return traced(
      () => node.send(request, token),
      () => ({
        environment: environment.name,
        address: node.address,
        method: methodOf(request),
        path: request.path.replace(/\?.*/s, ''),
        attempt,
      }),
    );
  }

  /** Asks one after the other until one answers. @returns the failures that decide, when none did. */
  async function askRound(
    request: VaultRequest,
    token: Secret | null,
    attempt: number,
  ): Promise<VaultAnswer | Failure[]> {
    const failures: Failure[] = [];
    const start = first;
    for (let step = 0; step < nodes.length; step += 1) {
      const index = (start + step) % nodes.length;
      const node = nodes[index] as VaultNode;
      const result = await sendTo(node, request, token, attempt);
      const failed = result instanceof NoAnswer || result instanceof Refusal;
      if (failed) failures.push({ node, result });
      if (failed && isOfNode(result)) continue;
      first = index;
      return failed ? [{ node, result }] : result;
    }
    return failures;
  }

  /** With a 403 it is asked once whether the token lives at all: a policy is no reason to log in anew. */
  async function explain(
    failures: readonly Failure[],
    request: VaultRequest,
    token: Secret | null,
  ): Promise<AccessError> {
    // A Vault is sealed when all of it is.
    const told = failures.find(({ result }) => !isSealed(result)) ?? failures[0];
    const { node, result } = told as Failure;
    const asked = { environment, address: node.address };
    if (result instanceof NoAnswer) return withOthers(noAnswer(result, asked), failures, node);
    let lives: boolean | undefined;
    if (result.status === 403 && result.errors && token) {
      const self = { path: 'auth/token/lookup-self' };
      const answer = request.path === self.path ? result : await sendTo(node, self, token, 1);
      lives = !(answer instanceof Refusal && answer.status === 403);
    }
    const error = explainRefusal(result, request.about ?? request.path, asked, lives);
    return withOthers(error, failures, node);
  }

  return {
    environment,
    get address() {
      return addresses[first] ?? vaultAddress.value;
    },
    ask,
  };
}

/** The same Vault, asked with another token. */
export function withToken(vault: VaultClient, token: Secret): VaultClient {
  return {
    environment: vault.environment,
    get address() {
      return vault.address;
    },
    ask: (request) => vault.ask({ token, ...request }),
  };
}

/** The `data` of an answer that has to have some. */
export function dataOf(answer: VaultAnswer, vault: VaultClient): VaultAnswer {
  if (typeof answer.data !== 'object' || answer.data === null) throw notVault(vault, 200);
  return answer.data as VaultAnswer;
}

/** Says of the other addresses that they did no better. */
function withOthers(
  error: AccessError,
  failures: readonly Failure[],
  told: VaultNode,
): AccessError {
  const others = failures
    .filter(({ node }) => node !== told)
    .map(({ node, result }) => {
      const reason = result instanceof NoAnswer ? result.reason : `status ${result.status}`;
      return `${node.address} (${reason})`;
    });
  if (others.length === 0) return error;
  return new AccessError(error.code, error.message, {
    ...(error.environment ? { environment: error.environment } : {}),
    suggestions: [`The other addresses do no better: ${others.join(', ')}.`, ...error.suggestions],
  });
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
