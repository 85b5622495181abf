import { AccessError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { dataOf, type VaultAnswer, type VaultClient } from './client.ts';
import { isNo } from './refusal.ts';
import { lookUpToken } from './token.ts';

/** Where tokens are made. One that was wrapped elsewhere may be anybody's. */
const CREATION_PATH = 'auth/token/create';

/** A token wrapped for somebody else: whoever unwraps it first has it, and nobody after. */
export interface WrappedToken {
  readonly token: Secret;
  /** When it can no longer be unwrapped. */
  readonly expiresAt: Date;
}

/**
 * Makes a child of the environment's token and wraps it: with the same policies or fewer, as long a
 * life as asked for and no longer, and gone when its parent is.
 *
 * @param life of the wrapping and of the token itself once it is unwrapped, in seconds.
 * @throws AccessError those of `VaultClient.ask`; `VAULT_DENIED` for a root token, which isn't handed over.
 */
export async function wrapChildToken(vault: VaultClient, life: number): Promise<WrappedToken> {
  const { environment } = vault;
  const own = await lookUpToken(vault);
  if (own.policies.includes('root')) {
    throw new AccessError(
      'VAULT_DENIED',
      "A root token isn't shared: its child could do anything.",
      {
        environment: environment.name,
        suggestions: [`Log in as yourself first: spire login -e ${environment.name} --method oidc`],
      },
    );
  }
  const answer = await vault.ask({
    path: CREATION_PATH,
    body: {
      policies: own.policies.filter((policy) => policy !== 'default'),
      ttl: `${life}s`,
      explicit_max_ttl: `${life}s`,
      renewable: false,
      display_name: 'spire-shared',
    },
    wrapTtl: `${Math.min(life, WRAPPING_SECONDS)}s`,
  });
  const { token, ttl, creation_time } = record(answer.wrap_info);
  if (typeof token !== 'string') throw notWrapped(vault);
  const begin = Date.parse(String(creation_time)) || Date.now();
  return { token: new Secret(token), expiresAt: new Date(begin + Number(ttl) * 1000) };
}

/** A token on its way is a token that somebody may intercept. */
const WRAPPING_SECONDS = 15 * 60;

/**
 * Takes the token out of a wrapping one, which works once.
 *
 * @throws AccessError `SHARED_TOKEN_USED` (somebody took it before, or too much time has passed),
 * `SHARED_TOKEN_INVALID` (what is wrapped isn't a token made by Vault's `auth/token/create`).
 */
export async function unwrapToken(vault: VaultClient, wrapping: Secret): Promise<Secret> {
  // Vault answers 400, or to a token that is gone 403, when it was used or has expired.
  const gone = (error: unknown): never => {
    throw isNo(error) ? alreadyUsed(vault) : error;
  };
  const lookup = { path: 'sys/wrapping/lookup', body: { token: wrapping.reveal() }, token: null };
  const found = dataOf(await vault.ask(lookup).catch(gone), vault);
  if (found.creation_path !== CREATION_PATH) throw notWrapped(vault);
  const answer = await vault
    .ask({ path: 'sys/wrapping/unwrap', method: 'POST', token: wrapping })
    .catch(gone);
  const { client_token: token } = record(answer.auth);
  if (typeof token !== 'string') throw notWrapped(vault);
  return new Secret(token);
}

function alreadyUsed({ environment }: VaultClient): AccessError {
  const message = 'This token was already unwrapped, or its time is over.';
  return new AccessError('SHARED_TOKEN_USED', message, {
    environment: environment.name,
    suggestions: [
      'If it is fresh and you have not used it, somebody may have intercepted it: tell your colleague now, who ends it with spire logout.',
      `Else let your colleague make another one: spire login -e ${environment.name} --share`,
    ],
  });
}

function notWrapped({ environment }: VaultClient): AccessError {
  const message = 'What was handed over is not a token that Vault made for sharing.';
  return new AccessError('SHARED_TOKEN_INVALID', message, {
    environment: environment.name,
    suggestions: [`Let your colleague make one: spire login -e ${environment.name} --share`],
  });
}

function record(value: unknown): VaultAnswer {
  return typeof value === 'object' && value !== null ? (value as VaultAnswer) : {};
}
