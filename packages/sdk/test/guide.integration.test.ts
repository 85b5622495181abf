// biome-ignore-all assist/source/organizeImports: the pages show some of them
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { type PostgresServer, startPostgres, startVault, type VaultServer } from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// #region connect
import { SpireDBConnector } from '@spire/sdk';
// #endregion
// #region transaction
import { sql } from 'drizzle-orm';
// #endregion
// #region credentials
import { subscribe } from 'node:diagnostics_channel';
// #endregion
// #region telemetry
import { instrumentSpire } from '@spire/sdk/opentelemetry';
// #endregion

// What the pages about services show, on an environment like theirs: with TLS, and another name than local.

const directory = mkdtempSync(join(tmpdir(), 'spire-guide-'));
let server: PostgresServer;
let vault: VaultServer;
let owner: pg.Client;

async function changePassword(password: string) {
  await owner.query(`alter role service password '${password}'`);
  await fetch(`${vault.address}/v1/secret/data/team/db`, {
    method: 'POST',
    headers: { 'X-Vault-Token': vault.rootToken },
    body: JSON.stringify({ data: { user: 'service', pwd: password, db: 'spire_db' } }),
  });
}

beforeAll(async () => {
  server = await startPostgres({ lifetime: 'parent', tls: true });
  owner = new pg.Client({ connectionString: await server.createDatabase('spire_db') });
  await owner.connect();
  await applyMigrations(owner, { actor: { name: 'tests', toolVersion: '0' } });
  await claimDatabase(owner, 'staging');
  await owner.query(`insert into workflows (name, description, enabled)
    values ('spire_adobe_30', 'x', true)`);
  await owner.query('create role service login in role pg_read_all_data, pg_write_all_data');
  vault = await startVault();
  await changePassword('first');
  writeFileSync(
    join(directory, 'config.yml'),
    `staging:
  DB_HOSTNAME: localhost
  DB_PORT: ${server.port}
  DB_CA_FILE: ${join(server.dataDirectory, 'ca.pem')}
  VAULT_ADDRESS: ${vault.address}
  VAULT_TOKEN: ${vault.rootToken}
  VAULT_READ_PATH: secret/team/db
`,
    { mode: 0o600 },
  );
  vi.stubEnv('SPIRE_CONFIG_DIR', directory);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await owner?.end();
  await vault?.stop();
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('connect, and read', async () => {
  // #region connect
  await using spire = await SpireDBConnector.create({ environment: 'staging' });

  const workflow = await spire.workflows.getByName('spire_adobe_30');
  // #endregion
  expect(workflow.enabled).toBe(true);
});

test('a transaction', async () => {
  await using spire = await SpireDBConnector.create({ environment: 'staging' });
  // #region transaction
  await spire.transaction(
    async (tx) => {
      const { id } = await tx.workflows.getByName('spire_adobe_30');
      await tx.workflows.disable(id);
      await tx.db.execute(sql`notify workflows`);
    },
    { isolationLevel: 'serializable' },
  );
  // #endregion
  expect((await spire.workflows.getByName('spire_adobe_30')).enabled).toBe(false);
});

test('behind a pooler', async () => {
  // #region pooler
  await using spire = await SpireDBConnector.create({
    environment: 'staging',
    pooler: 'pgbouncer-transaction',
  });
  // #endregion
  expect((await spire.workflows.getByName('spire_adobe_30')).name).toBe('spire_adobe_30');
});

test('a service in Kubernetes', async () => {
  const inAPod = async () => {
    // #region kubernetes
    await using spire = await SpireDBConnector.create({
      environment: 'staging',
      auth: { method: 'kubernetes', role: 'scoring' },
    });
    // #endregion
    return spire;
  };
  // Outside of a pod there is no such token.
  await expect(inAPod()).rejects.toMatchObject({
    code: 'LOGIN_FAILED',
    message: expect.stringContaining('/var/run/secrets/kubernetes.io/serviceaccount/token'),
  });
});

test('watching it', async () => {
  const log = { info: vi.fn() };
  // #region credentials
  subscribe('spire:db:credentials', (event) => log.info(event)); // { environment, kind, version }
  // #endregion
  // #region telemetry
  instrumentSpire();
  // #endregion
  await using spire = await SpireDBConnector.create({ environment: 'staging' });
  await changePassword('second');
  await spire.rotateCredentials();
  expect(log.info.mock.calls).toMatchObject([[{ environment: 'staging', kind: 'refreshed' }]]);
});
