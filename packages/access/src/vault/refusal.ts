import { AccessError } from '../errors.ts';
import type { VaultClient } from './client.ts';
import { NoAnswer } from './transport.ts';
import { waysToGetAToken } from './ways-to-get-a-token.ts';

/** Who was asked: an environment's Vault, at one of its addresses. */
type Asked = Pick<VaultClient, 'environment' | 'address'>;

/** What Vault answered when it didn't do what it was asked for. */
export class Refusal {
  readonly status: number;
  /** Vault's own words; undefined when it isn't Vault that answers. */
  readonly errors: readonly string[] | undefined;
  /** Seconds to wait, as the `Retry-After` header says. */
  readonly retryAfter: number | undefined;

  constructor(status: number, errors?: readonly string[], retryAfter?: number) {
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/** Statuses of which the meaning doesn't depend on what was asked. */
const STATES: Readonly<Record<number, readonly ['VAULT_STANDBY' | 'VAULT_UNINITIALIZED', string]>> =
  {
    307: ['VAULT_STANDBY', 'is a standby node that points to another one'],
    472: ['VAULT_STANDBY', 'is the secondary of a disaster recovery pair, which answers nothing'],
    473: ['VAULT_STANDBY', 'is a performance standby that may not answer this'],
    474: ['VAULT_STANDBY', 'is a standby node that has lost the active one'],
    501: ['VAULT_UNINITIALIZED', 'was never initialized'],
  };

/**
 * A refusal as an error of ours.
 *
 * @param about what was asked, in the caller's words.
 * @param tokenLives what is known of the token, for 403.
 */
export function explainRefusal(
  { status, errors, retryAfter }: Refusal,
  about: string,
  { environment, address }: Asked,
  tokenLives: boolean | undefined,
): AccessError {
  const { name } = environment;
  const health = `Look at its health: ${address}/v1/sys/health`;
  const error = (code: AccessError['code'], message: string, suggestions: readonly string[]) =>
    new AccessError(code, message, { environment: name, suggestions });
  const state = STATES[status];
  if (state) {
    return error(state[0], `Vault at ${address} ${state[1]} (status ${status}).`, [
      status === 472
        ? 'Point VAULT_ADDRESS to the primary.'
        : 'Point VAULT_ADDRESS to the active node, or to its load balancer.',
      health,
    ]);
  }
  if (!errors && status < 500 && status !== 403 && status !== 429) {
    return notVault({ environment, address }, status);
  }
  switch (status) {
    case 403:
      return tokenLives === false
        ? error('VAULT_TOKEN_INVALID', `Vault at ${address} doesn't know the token of ${name}.`, [
            'It has expired or was revoked.',
            ...waysToGetAToken(environment),
          ])
        : error('VAULT_DENIED', `Vault at ${address} refuses this token on ${about}.`, [
            `Its policies have to cover ${about}: see what they do with spire doctor -e ${name}`,
            ...waysToGetAToken(environment),
          ]);
    case 404:
      return error('SECRET_NOT_FOUND', `Vault at ${address} has no secret at ${about}.`, [
        `Check VAULT_READ_PATH of ${name}: spire env show -e ${name}`,
      ]);
    case 429:
      return error('VAULT_RATE_LIMITED', `Vault at ${address} asks to slow down.`, [
        `Try again ${retryAfter ? `in ${retryAfter} s` : 'in a while'}.`,
      ]);
    case 503:
      if (isSealed({ status, errors })) {
        return error('VAULT_SEALED', `Vault at ${address} is sealed.`, [
          'Somebody has to unseal it: ask DevOps.',
        ]);
      }
      break;
    case 400: {
      // Vault's own words: of a name or a field, never of a value.
      const words = errors?.join('; ') || 'bad request';
      return error('SECRET_NOT_FOUND', `Vault at ${address} can't give ${about}: ${words}.`, [
        `Check VAULT_READ_PATH of ${name}: spire env show -e ${name}`,
      ]);
    }
  }
  return error('VAULT_UNAVAILABLE', `Vault at ${address} answered with status ${status}.`, [
    health,
  ]);
}

/** Whether a node can't open what it keeps. */
export function isSealed(failure: NoAnswer | Pick<Refusal, 'status' | 'errors'>): boolean {
  if (failure instanceof NoAnswer) return false;
  return failure.status === 503 && !!failure.errors?.some((text) => /sealed/i.test(text));
}

/** Whether it is the node's own failure, so that another one of the same Vault may do better. */
export function isOfNode(failure: NoAnswer | Refusal): boolean {
  if (failure instanceof NoAnswer) return true;
  const { status } = failure;
  return [307, 472, 473, 474].includes(status) || (status >= 500 && status !== 501);
}

/** Whether Vault was there and said no, to which asking again changes nothing. */
export function isNo(error: unknown): boolean {
  const code = error instanceof AccessError ? error.code : '';
  return ['SECRET_NOT_FOUND', 'VAULT_DENIED', 'VAULT_TOKEN_INVALID'].includes(code);
}

/** A web server or a gateway may answer at a wrong address. */
export function notVault({ environment, address }: Asked, status: number): AccessError {
  const message = `What answers at ${address} doesn't seem to be Vault (status ${status}).`;
  return new AccessError('VAULT_UNAVAILABLE', message, {
    environment: environment.name,
    suggestions: [`Check the address and the network: ${address}/v1/sys/health`],
  });
}

/** Nothing came back at all. */
export function noAnswer({ reason }: NoAnswer, { environment, address }: Asked): AccessError {
  const start = environment.name === 'local' ? ['Start it: spire local up'] : [];
  const untrusted = /CERT|^UNABLE_TO_|^SELF_SIGNED|^ERR_(TLS|SSL)/.test(reason);
  const remedy = untrusted
    ? 'Its certificate is not vouched for: check VAULT_ADDRESS, and name its CA in VAULT_CACERT.'
    : `Check the address and the network: ${address}/v1/sys/health`;
  return new AccessError('VAULT_UNAVAILABLE', `Vault at ${address} doesn't answer (${reason}).`, {
    environment: environment.name,
    suggestions: [...start, remedy],
  });
}
