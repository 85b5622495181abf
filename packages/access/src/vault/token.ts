import { AccessError } from '../errors.ts';
import { dataOf, type VaultClient } from './client.ts';
import { findSecret, type SecretPlace } from './secret.ts';

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
 * Looks the client's token up.
 *
 * @throws AccessError those of `VaultClient.ask`; `VAULT_TOKEN_INVALID` when it has expired.
 */
export async function lookUpToken(vault: VaultClient): Promise<TokenStatus> {
  const data = dataOf(await vault.ask({ path: 'auth/token/lookup-self' }), vault);
  return {
    secondsLeft: data.expire_time ? Number(data.ttl) : undefined,
    renewable: data.renewable === true,
    policies: Array.isArray(data.policies) ? data.policies.map(String) : [],
    displayName: String(data.display_name ?? ''),
  };
}

/** Ends the client's token, and all that descend from it. */
export async function revokeToken(vault: VaultClient): Promise<void> {
  await vault.ask({ path: 'auth/token/revoke-self', method: 'POST' });
}

/** What the client's token may do with a secret. */
export interface SecretRights extends SecretPlace {
  /** As Vault says it, such as `read`, `root`, or `deny`. */
  readonly allowed: readonly string[];
  readonly readable: boolean;
}

/**
 * What the client's token may do with a secret.
 *
 * @param path as people write it: `secret/team/db`.
 * @throws AccessError those of `VaultClient.ask`; `VAULT_DENIED` for a path that it reaches in no way, of
 * which Vault doesn't even say which engine is there.
 */
export async function rightsOn(vault: VaultClient, path: string): Promise<SecretRights> {
  const place = await findSecret(vault, path);
  const body = { paths: [place.apiPath] };
  const given = dataOf(await vault.ask({ path: 'sys/capabilities-self', body }), vault)[
    place.apiPath
  ];
  const allowed = Array.isArray(given) ? given.map(String) : [];
  return { ...place, allowed, readable: allowed.includes('read') || allowed.includes('root') };
}

/**
 * Whether the client's token may read a secret. A path that it reaches in no way is a no too.
 *
 * @throws AccessError those of `VaultClient.ask`.
 */
export async function mayRead(vault: VaultClient, path: string): Promise<boolean> {
  try {
    return (await rightsOn(vault, path)).readable;
  } catch (error) {
    if (error instanceof AccessError && error.code === 'VAULT_DENIED') return false;
    throw error;
  }
}
