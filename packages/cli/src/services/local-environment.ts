import { rmSync } from 'node:fs';
import { LOCAL, loadConfigFile, writePrivateFile } from '@spire/access';
import pg from 'pg';
import { CliError } from '../errors.ts';
import { ensureRole } from './ensure-role.ts';
import type { LocalPaths } from './local-paths.ts';
import {
  portsOf,
  type ServerPair,
  type ServerPairState,
  type ServerPorts,
  startServers,
  stateOf,
  stopServers,
} from './server-pair.ts';
import { ensureCredential, ensureToken, vaultOwner } from './vault-owner.ts';

/** Where the credential of the local database lies, as in every environment. */
const READ_PATH = 'secret/data-innovation/spire/local/db';
const TOKEN = {
  policy: 'spire-local',
  rules: 'path "secret/data/data-innovation/spire/local/*" { capabilities = ["read"] }',
};
const DATABASE = 'spire_db';
const USER = 'spire';

/**
 * Starts what isn't running, and sees to it that the database, its user, the credential in Vault and
 * the description for `-e local` are there. Doing it again changes nothing.
 *
 * @param ports asked for; without them the ones used before, or free ones.
 * @throws ServersError `PORT_IN_USE`, `DATA_DIRECTORY_INCOMPATIBLE`, `DATA_DIRECTORY_UNWRITABLE`, ...;
 * CliError `USAGE` when a server runs on another port than the one asked for.
 */
export async function startLocal(
  paths: LocalPaths,
  ports: ServerPorts = {},
): Promise<ServerPairState> {
  const servers = await startServers(paths, { ports, before: portsOf(described(paths)) });
  requirePort('Postgres', servers.postgres.port, '--postgres-port', ports.postgres);
  requirePort('Vault', servers.vault.port, '--vault-port', ports.vault);
  await provision(paths, servers);
  return stateOf(paths, servers);
}

/** A server that runs keeps its port. */
function requirePort(name: string, port: number, flag: string, asked: number | undefined): void {
  if (asked === undefined || asked === port) return;
  throw new CliError('USAGE', `${flag}: ${name} already runs on port ${port}.`, [
    'Stop it first: spire local down',
    `Then start it there: spire local up ${flag} ${asked}`,
  ]);
}

/** Ends both servers and removes all they hold. */
export async function removeLocal(paths: LocalPaths): Promise<void> {
  await stopServers(paths);
  rmSync(paths.root, { recursive: true, force: true });
}

/** What was written down of it the last time. */
function described(paths: LocalPaths) {
  return loadConfigFile(paths.config).environments.get(LOCAL)?.entries;
}

async function provision(paths: LocalPaths, servers: ServerPair): Promise<void> {
  const owner = vaultOwner(servers.vault);
  const client = new pg.Client({ connectionString: servers.postgres.connectionString() });
  await client.connect();
  try {
    // One at a time: two calls at once would make two passwords. The lock ends with the session.
    await client.query('select pg_advisory_lock(1)');
    const credential = { user: USER, database: DATABASE };
    await ensureRole(client, USER, await ensureCredential(owner, READ_PATH, credential));
    await ensureDatabase(client);
    const token = await ensureToken(owner, described(paths)?.get('VAULT_TOKEN')?.value, TOKEN);
    describeLocal(paths, servers, token);
  } finally {
    await client.end();
  }
}

/** Writes down how to reach the local environment. */
function describeLocal(paths: LocalPaths, { postgres, vault }: ServerPair, token: string): void {
  const description = `# Written by spire local up. Changes here are lost.
local:
  DB_HOSTNAME: ${postgres.host}
  DB_PORT: "${postgres.port}"
  DB_NAME: ${DATABASE}
  VAULT_ADDRESS: ${vault.address}
  VAULT_READ_PATH: ${READ_PATH}
  VAULT_TOKEN: ${token}
`;
  writePrivateFile(paths.config, description);
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (rows.length === 0) await client.query(`create database ${DATABASE} owner ${USER}`);
}
