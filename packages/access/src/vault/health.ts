import type { VaultClient } from './client.ts';
import { notVault } from './refusal.ts';

/** What a Vault says of itself to anybody. */
export interface VaultHealth {
  readonly version: string;
  /** By Vault's clock. */
  readonly now: Date;
}

/**
 * Asks a Vault how it is, without a token.
 *
 * @throws AccessError `VAULT_UNAVAILABLE`, `VAULT_SEALED`, `VAULT_STANDBY` (one that answers no reads),
 * `VAULT_UNINITIALIZED`.
 */
export async function readHealth(vault: VaultClient): Promise<VaultHealth> {
  const health = await vault.ask({ path: 'sys/health', token: null });
  const { initialized, version, server_time_utc: seconds } = health;
  if (typeof initialized !== 'boolean') throw notVault(vault, 200);
  return { version: String(version), now: new Date(Number(seconds) * 1000) };
}
