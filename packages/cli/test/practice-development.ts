import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { startPostgres, startVault } from '@spire/servers';
import type { Home } from './spire-process.ts';
import { withClient } from './with-client.ts';

/** Where the credential lies. */
const READ_PATH = 'secret/data-innovation/spire/development/db';

const POLICY = `path "secret/data/data-innovation/spire/development/*" { capabilities = ["read"] }
path "auth/token/create" { capabilities = ["update"] }`;

/**
 * A `development` as the organisation has it: a Postgres with TLS that is claimed and has a workflow, and
 * a Vault with its credential.
 */
export async function startDevelopment() {
  const [postgres, vault] = await Promise.all([
    startPostgres({ lifetime: 'parent', tls: true }),
    startVault(),
  ]);
  await postgres.createDatabase('spire_db');
  const { port, user, password } = postgres;
  await withClient(postgres, 'spire_db', async (client) => {
    await applyMigrations(client, { actor: { name: 'test', toolVersion: '0' } });
    await claimDatabase(client, 'development');
    await client.query(`insert into workflows (name, description) values ('spire_adobe_1', '')`);
  });

  const ask = async (method: string, path: string, body: object) => {
    const response = await fetch(`${vault.address}/v1/${path}`, {
      method,
      headers: { 'X-Vault-Token': vault.rootToken },
      body: JSON.stringify(body),
    });
    return response.status === 204 ? {} : response.json();
  };
  await ask('POST', READ_PATH.replace('secret/', 'secret/data/'), {
    data: { user, pwd: password, db: 'spire_db' },
  });
  await ask('PUT', 'sys/policies/acl/reader', { policy: POLICY });

  return {
    vault,
    postgres,
    ask,
    /** What a cluster of development has in its variables. */
    variables: {
      DEPLOYMENT_ENV: 'development',
      DB_HOSTNAME: 'localhost',
      DB_PORT: String(port),
      VAULT_ADDRESS: vault.address,
      VAULT_READ_PATH: READ_PATH,
    },
    /** A person's token, which may read the credential and make tokens. */
    async token(ttl = '1h'): Promise<string> {
      const answer = (await ask('POST', 'auth/token/create', { policies: ['reader'], ttl })) as {
        auth: { client_token: string };
      };
      return answer.auth.client_token;
    },
    /** Lets a home trust the server's certificate. */
    trust(home: Home): void {
      const file = join(home.directory, 'ca.pem');
      writeFileSync(file, postgres.ca ?? '');
      home.variables.DB_CA_FILE = file;
    },
    async stop(): Promise<void> {
      await Promise.all([postgres.stop(), vault.stop()]);
    },
  };
}
