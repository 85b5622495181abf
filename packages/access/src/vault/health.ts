import { AccessError } from '../errors.ts';
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
  const { environment, address } = vault;
  // node-vault gives the body of any status here, so that it says what the status would.
  const health = await vault.ask({ path: 'sys/health', token: null });
  const { initialized, sealed, version, server_time_utc: seconds } = health;
  const broken = (code: AccessError['code'], state: string, suggestion: string) =>
    new AccessError(code, `Vault at ${address} ${state}.`, {
      environment: environment.name,
      suggestions: [suggestion],
    });
  if (typeof initialized !== 'boolean') throw notVault(environment, 200);
  if (!initialized)
    throw broken('VAULT_UNINITIALIZED', 'was never initialized', 'Check VAULT_ADDRESS.');
  if (sealed) throw broken('VAULT_SEALED', 'is sealed', 'Somebody has to unseal it: ask DevOps.');
  if (health.replication_dr_mode === 'secondary') {
    throw broken(
      'VAULT_STANDBY',
      'is the secondary of a disaster recovery pair, which answers nothing',
      'Point VAULT_ADDRESS to the primary.',
    );
  }
  return { version: String(version), now: new Date(Number(seconds) * 1000) };
}
