import { completeEnvironment, requireHost, secretPath } from './complete-environment.ts';
import type { Origin, ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import type { Secret } from './secret.ts';
import { openVault, type VaultClient, type VaultPatience } from './vault/client.ts';
import { type Lease, readSecret } from './vault/secret.ts';

/** Everything that a driver needs to connect, from one source. */
export interface DatabaseCredential {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  readonly origin: Origin;
  /** Changes when user or password does. */
  readonly version: string;
  /** Of a user that Vault made for this reader alone: how long it lives. */
  readonly lease: Lease | undefined;
  /** The environment with the values that the secret gave, each with its origin. */
  readonly environment: ResolvedEnvironment;
}

/** Which of the two paths in Vault is read. */
export type AccessMode = 'read-only' | 'read-write';

/**
 * Fetches the credential of an environment: from Vault, or from `DB_USER` and `DB_PASSWORD` when no
 * Vault is configured or it can't be reached; never after Vault has said no.
 *
 * A credential with a lease ends with it. {@link openCredentials} keeps one alive and gives it back.
 *
 * @param patience how long one answer of Vault may take, and how often it is asked.
 * @throws AccessError those of `openVault` and `readSecret`; `SECRET_MALFORMED` (a field is missing, or
 * can't be one); `CREDENTIALS_MISSING` (neither source has one, or the host is unknown).
 * @example
 * const credential = await fetchCredential(environment, 'read-only');
 */
export async function fetchCredential(
  environment: ResolvedEnvironment,
  mode: AccessMode = 'read-only',
  patience: VaultPatience = {},
): Promise<DatabaseCredential> {
  const own = ownCredential(environment);
  if (own && !environment.values.vaultAddress) return own();
  try {
    return await readCredential(await openVault(environment, patience), mode);
  } catch (error) {
    const unreachable = error instanceof AccessError && error.code === 'VAULT_UNAVAILABLE';
    if (own && unreachable) return own();
    throw error;
  }
}

/** Reads the credential that Vault has for an environment. @throws AccessError */
export async function readCredential(
  vault: VaultClient,
  mode: AccessMode,
): Promise<DatabaseCredential> {
  const path = secretPath(vault.environment, mode);
  const secret = await readSecret(vault, path);
  const environment = completeEnvironment(vault.environment, path, secret);
  return credentialOf(environment, secret.version, secret.lease);
}

/** What makes a credential of the environment's own user and password, where it has both. */
export function ownCredential(
  environment: ResolvedEnvironment,
): (() => DatabaseCredential) | undefined {
  const { user, password } = environment.values;
  return user && password && (() => credentialOf(environment, '0', undefined));
}

function credentialOf(
  environment: ResolvedEnvironment,
  version: string,
  lease: Lease | undefined,
): DatabaseCredential {
  const { port, database, user, password } = environment.values;
  const host = requireHost(environment);
  // Whoever calls this has seen to both.
  if (!user || !password) throw new TypeError('a credential needs user and password');
  return {
    host: host.value,
    port: port?.value ?? 5432,
    database: database?.value ?? 'spire_db',
    user: user.value,
    password: password.value,
    origin: password.origin,
    version,
    lease,
    environment,
  };
}
