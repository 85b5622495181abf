import { randomBytes } from 'node:crypto';
import type { VaultServer } from '@spire/servers';

const TOKEN_LIFE = '768h';
const RENEW_BELOW_SECONDS = 7 * 24 * 3600;

/** Asks a Vault of this machine as its owner; undefined where there is nothing. */
export type VaultOwner = (
  method: string,
  path: string,
  body?: object,
) => Promise<Record<string, unknown> | undefined>;

/** Vault as its owner sees it; the client in `@spire/access` only reads. */
export function vaultOwner(vault: VaultServer): VaultOwner {
  return async (method, path, body) => {
    const response = await fetch(`${vault.address}/v1/${path}`, {
      method,
      headers: { 'X-Vault-Token': vault.rootToken },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw new Error(`the Vault of this machine answered ${response.status} on ${method} ${path}`);
    return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
  };
}

/**
 * The password in Vault, made the first time.
 *
 * @param path such as `secret/team/db`.
 */
export async function ensureCredential(
  owner: VaultOwner,
  path: string,
  { user, database }: { readonly user: string; readonly database: string },
): Promise<string> {
  const apiPath = path.replace('secret/', 'secret/data/');
  const answer = (await owner('GET', apiPath)) as
    | { data?: { data?: { pwd?: string } } }
    | undefined;
  const kept = answer?.data?.data?.pwd;
  if (kept) return kept;
  const password = newPassword();
  await writeCredential(owner, path, { user, password, database });
  return password;
}

/** Nobody has it, and nobody guesses it. */
export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Puts a credential into Vault, in the place of what is there. */
export async function writeCredential(
  owner: VaultOwner,
  path: string,
  credential: { readonly user: string; readonly password: string; readonly database: string },
): Promise<void> {
  const { user, password, database } = credential;
  const data = { user, pwd: password, db: database };
  await owner('POST', path.replace('secret/', 'secret/data/'), { data });
}

/**
 * A token that may do what a policy says and nothing else: the one that is kept, unless it runs out soon.
 *
 * @param rules of the policy, in Vault's language.
 */
export async function ensureToken(
  owner: VaultOwner,
  kept: string | undefined,
  { policy, rules }: { readonly policy: string; readonly rules: string },
): Promise<string> {
  if (kept && (await livesLong(owner, kept))) return kept;
  await owner('PUT', `sys/policies/acl/${policy}`, { policy: rules });
  const answer = (await owner('POST', 'auth/token/create', {
    policies: [policy],
    ttl: TOKEN_LIFE,
    display_name: policy,
  })) as { auth?: { client_token?: string } } | undefined;
  const token = answer?.auth?.client_token;
  if (!token) throw new Error('the Vault of this machine made no token');
  return token;
}

async function livesLong(owner: VaultOwner, token: string): Promise<boolean> {
  const answer = (await owner('POST', 'auth/token/lookup', { token }).catch(() => undefined)) as
    | { data?: { ttl?: number } }
    | undefined;
  return (answer?.data?.ttl ?? 0) > RENEW_BELOW_SECONDS;
}
