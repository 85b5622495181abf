import { AccessError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { dataOf, type VaultClient } from './client.ts';
import { findSecret } from './secret.ts';

/** What Vault says of the token it was asked with. */
export interface TokenStatus {
  /** Seconds it still lives; undefined: for ever. */
  readonly secondsLeft: number | undefined;
  readonly renewable: boolean;
  readonly policies: readonly string[];
  /** Whom Vault takes its bearer for, such as `oidc-ann@example.com`. */
  readonly displayName: string;
}

/**
 * Looks a token up.
 *
 * @param token default: the environment's.
 * @throws AccessError those of `VaultClient.ask`; `VAULT_TOKEN_INVALID` when it has expired.
 */
export async function lookUpToken(vault: VaultClient, token?: Secret): Promise<TokenStatus> {
  const request = { path: 'auth/token/lookup-self', ...(token ? { token } : {}) };
  const data = dataOf(await vault.ask(request), vault);
  return {
    secondsLeft: data.expire_time ? Number(data.ttl) : undefined,
    renewable: data.renewable === true,
    policies: Array.isArray(data.policies) ? data.policies.map(String) : [],
    displayName: String(data.display_name ?? ''),
  };
}

/** Ends a token, and all that descend from it. */
export async function revokeToken(vault: VaultClient, token?: Secret): Promise<void> {
  await vault.ask({
    path: 'auth/token/revoke-self',
    method: 'POST',
    ...(token ? { token } : {}),
  });
}

/**
 * What the environment's token may do at a path of Vault's API, such as `['read']` or `['deny']`.
 *
 * @throws AccessError those of `VaultClient.ask`.
 */
export async function capabilitiesAt(vault: VaultClient, apiPath: string): Promise<string[]> {
  const data = dataOf(
    await vault.ask({ path: 'sys/capabilities-self', body: { paths: [apiPath] } }),
    vault,
  );
  const given = data[apiPath];
  return Array.isArray(given) ? given.map(String) : [];
}

/**
 * Whether the environment's token may read a secret. Of a path that it reaches in no way, Vault doesn't
 * even say which engine is there: that is a no too.
 *
 * @param path as people write it: `secret/team/db`.
 * @throws AccessError those of `VaultClient.ask`.
 */
export async function mayRead(vault: VaultClient, path: string): Promise<boolean> {
  try {
    const { apiPath } = await findSecret(vault, path);
    const allowed = await capabilitiesAt(vault, apiPath);
    return allowed.includes('read') || allowed.includes('root');
  } catch (error) {
    if (error instanceof AccessError && error.code === 'VAULT_DENIED') return false;
    throw error;
  }
}
