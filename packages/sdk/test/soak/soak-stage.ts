import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { startFaultProxy, startPostgres, startVault } from '@spire/servers';
import pg from 'pg';

/** Marks what may be seen nowhere. */
export const CANARY = 'canary-';
const newSecret = () => CANARY + randomBytes(12).toString('hex');

const USER = 'soak';
const DATABASE = 'soak';
const PATH = 'secret/soak/db';

export type Stage = Awaited<ReturnType<typeof setStage>>;

/** Postgres, a proxy before it, and a Vault, with all that can be done to them. */
export async function setStage() {
  const directory = mkdtempSync(join(tmpdir(), 'spire-soak-'));
  const dataDirectory = join(directory, 'postgres');
  // Durable, as what is told committed has to be.
  let server = await startPostgres({ lifetime: 'parent', dataDirectory, durable: true });
  const { host, port } = server;
  let password = newSecret();
  let admin = await connect(await server.createDatabase(DATABASE));
  await applyMigrations(admin, { actor: { name: 'soak', toolVersion: '0' } });
  await claimDatabase(admin, 'local');
  await admin.query(`
    create role ${USER} login password '${password}';
    grant pg_read_all_data, pg_write_all_data to ${USER};
    create table soak_ledger (id uuid primary key, note text not null)`);
  const proxy = await startFaultProxy({ target: { host, port } });
  const kept = { file: join(directory, 'vault.json'), rootToken: newSecret() };
  let vault = await startVault(kept);
  await publishPassword();
  mkdirSync(join(directory, 'local'));
  const config = `local:
  DB_HOSTNAME: ${proxy.host}
  DB_PORT: "${proxy.port}"
  DB_NAME: ${DATABASE}
  VAULT_ADDRESS: ${vault.address}
  VAULT_READ_PATH: ${PATH}
  VAULT_TOKEN: ${vault.rootToken}
`;
  writeFileSync(join(directory, 'local', 'config.yml'), config, { mode: 0o600 });

  async function publishPassword(): Promise<void> {
    await fetch(`${vault.address}/v1/${PATH.replace('/', '/data/')}`, {
      method: 'POST',
      headers: { 'X-Vault-Token': vault.rootToken },
      body: JSON.stringify({ data: { user: USER, pwd: password, db: DATABASE } }),
    });
  }

  return {
    /** What leads the client there. */
    variables: { SPIRE_CONFIG_DIR: directory },
    proxy,
    publishPassword,
    /** The superuser, past the proxy. */
    admin: () => admin,
    async changePassword() {
      password = newSecret();
      await admin.query(`alter role ${USER} password '${password}'`);
    },
    /** Ends backends of the client. @param count how many; default: all. */
    async terminate(count?: number) {
      const backends = 'select pid from pg_stat_activity where usename = $1 limit $2';
      await admin.query(`select pg_terminate_backend(pid, 2000) from (${backends}) as one`, [
        USER,
        count,
      ]);
    },
    /** The client's sessions. */
    async sessions(): Promise<number> {
      const { rows } = await admin.query(
        'select count(*)::int as count from pg_stat_activity where usename = $1',
        [USER],
      );
      return rows[0].count;
    },
    async withoutVault(run: () => Promise<void>) {
      const { port } = vault;
      await vault.stop();
      try {
        await run();
      } finally {
        vault = await startVault({ ...kept, port });
      }
    },
    /** @param signal `SIGQUIT`: at once, so that it has to recover. Default: as it is meant to end. */
    async restart(signal?: 'SIGQUIT') {
      if (signal) process.kill(server.pid, signal);
      else await admin.end();
      await server.stop();
      server = await startPostgres({ lifetime: 'parent', dataDirectory, durable: true, port });
      admin = await connect(server.connectionString(DATABASE));
    },
    async end() {
      await admin.end().catch(() => {});
      await proxy.close();
      await vault.stop();
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  // What runs on it says so.
  client.on('error', () => {});
  await client.connect();
  return client;
}
