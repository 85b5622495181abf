import { AccessError, type ResolvedEnvironment } from '@spire/access';

/**
 * Without a host and without a Vault that may know one there is nothing to connect to.
 *
 * @throws AccessError `CREDENTIALS_MISSING` with this message, and the ways to configure it.
 */
export function requireConfigured({ name, values }: ResolvedEnvironment, message: string): void {
  if (values.host || values.vaultAddress) return;
  throw new AccessError('CREDENTIALS_MISSING', message, {
    environment: name,
    suggestions: [
      `Take its values from where it runs: spire login -e ${name} --from databricks`,
      `Or set them: spire env set VAULT_ADDRESS https://vault.example.com:8200 -e ${name}, and DB_HOSTNAME`,
    ],
  });
}
