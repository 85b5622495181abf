import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresAccess, type StartVaultOptions, startVault } from '@spire/servers';
import pg from 'pg';
import { inject } from 'vitest';

let databases = 0;

/**
 * A local environment for one test file: a database cloned from the migrated template, and a Vault
 * that holds its credential, the superuser's at first.
 *
 * @returns the variables that lead to it, how Vault is given another credential, and what ends it.
 */
export async function localEnvironment(options: Pick<StartVaultOptions, 'log'> = {}) {
  const server = PostgresAccess.at(inject('postgresUrl'));
  databases += 1;
  const database = `sdk_${process.pid}_${databases}`;
  await server.createDatabase(database, { template: inject('template') });
  const vault = await startVault(options);
  const path = 'secret/data-innovation/spire/local/db';
  const keep = (user: string, pwd: string) =>
    fetch(`${vault.address}/v1/${path.replace('secret/', 'secret/data/')}`, {
      method: 'POST',
      headers: { 'X-Vault-Token': vault.rootToken },
      body: JSON.stringify({ data: { user, pwd, db: database } }),
    });
  await keep(server.user, server.password);
  const directory = mkdtempSync(join(tmpdir(), 'spire-sdk-'));
  mkdirSync(join(directory, 'local'));
  writeFileSync(
    join(directory, 'local', 'config.yml'),
    `local:
  DB_HOSTNAME: ${server.host}
  DB_PORT: "${server.port}"
  VAULT_ADDRESS: ${vault.address}
  VAULT_READ_PATH: ${path}
  VAULT_TOKEN: ${vault.rootToken}
  DB_NAME: ${database}
`,
    { mode: 0o600 },
  );
  return {
    variables: { SPIRE_CONFIG_DIR: directory },
    database: server.connectionString(database),
    vault,
    keep,
    /** Runs a statement in the database as its superuser. */
    async asOwner(statement: string): Promise<void> {
      const client = new pg.Client({ connectionString: server.connectionString(database) });
      await client.connect();
      await client.query(statement);
      await client.end();
    },
    async end() {
      await vault.stop();
      await server.dropDatabase(database);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
