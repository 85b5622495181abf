import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { LOCAL, loadConfigFile, writePrivateFile } from '@spire/access';
import type { PostgresServer, VaultServer } from '@spire/servers';
import pg from 'pg';
import { CliError } from '../errors.ts';
import type { LocalPaths } from './local-paths.ts';
import { loadServers, type Servers } from './servers-package.ts';

/** Where the credential of the local database lies, as in every environment. */
const READ_PATH = 'secret/data-innovation/spire/local/db';
const POLICY = 'spire-local';
const DATABASE = 'spire_db';
const USER = 'spire';
const TOKEN_LIFE = '768h';
const RENEW_BELOW_SECONDS = 7 * 24 * 3600;

/** One of the two servers. */
export interface ServerState {
  readonly running: boolean;
  readonly pid: number | undefined;
  readonly port: number | undefined;
}

/** The two servers of the local environment. */
export interface LocalState {
  readonly postgres: ServerState;
  readonly vault: ServerState & { readonly address: string | undefined };
  readonly directory: string;
}

/** Ports that are asked for; without them the ones used before, or free ones. */
export interface LocalPorts {
  readonly postgres?: number | undefined;
  readonly vault?: number | undefined;
}

/**
 * Starts what isn't running, and sees to it that the database, its user, the credential in Vault and
 * the description for `-e local` are there. Doing it again changes nothing.
 *
 * @throws ServersError `PORT_IN_USE`, `DATA_DIRECTORY_INCOMPATIBLE`, `DATA_DIRECTORY_UNWRITABLE`, ...;
 * CliError `USAGE` when a server runs on another port than the one asked for.
 */
export async function startLocal(paths: LocalPaths, ports: LocalPorts = {}): Promise<LocalState> {
  const servers = await loadServers();
  const before = portsUsedBefore(paths);
  const [postgres, vault] = await Promise.all([
    onPort(servers, ports.postgres, before.postgres, (port) =>
      servers.startPostgres({
        lifetime: 'detached',
        dataDirectory: paths.postgres,
        ...(port ? { port } : {}),
      }),
    ),
    onPort(servers, ports.vault, before.vault, (port) =>
      servers.startVaultProcess({
        lifetime: 'detached',
        dataDirectory: paths.vault,
        ...(port ? { port } : {}),
      }),
    ),
  ]);
  requirePort('Postgres', postgres.port, '--postgres-port', ports.postgres);
  requirePort('Vault', vault.port, '--vault-port', ports.vault);
  await provision(paths, postgres, vault);
  return stateOf(paths, postgres, vault);
}

/** A server that runs keeps its port. */
function requirePort(name: string, port: number, flag: string, asked: number | undefined): void {
  if (asked === undefined || asked === port) return;
  throw new CliError('USAGE', `${flag}: ${name} already runs on port ${port}.`, [
    'Stop it first: spire local down',
    `Then start it there: spire local up ${flag} ${asked}`,
  ]);
}

/** Ends both servers; what they hold stays. */
export async function stopLocal(paths: LocalPaths): Promise<LocalState> {
  const [postgres, vault] = await findServers(paths);
  await Promise.all([postgres?.stop(), vault?.stop()]);
  return stateOf(paths, undefined, undefined);
}

/** Ends both servers and removes all they hold. */
export async function removeLocal(paths: LocalPaths): Promise<void> {
  await stopLocal(paths);
  rmSync(paths.root, { recursive: true, force: true });
}

/** Which of the two servers run. */
export async function inspectLocal(paths: LocalPaths): Promise<LocalState> {
  const [postgres, vault] = await findServers(paths);
  return stateOf(paths, postgres, vault);
}

async function findServers(paths: LocalPaths) {
  const { findPostgres, findVaultProcess } = await loadServers();
  return Promise.all([findPostgres(paths.postgres), findVaultProcess(paths.vault)]);
}

function stateOf(
  paths: LocalPaths,
  postgres: PostgresServer | undefined,
  vault: VaultServer | undefined,
): LocalState {
  return {
    postgres: { running: Boolean(postgres), pid: postgres?.pid, port: postgres?.port },
    vault: { running: Boolean(vault), pid: vault?.pid, port: vault?.port, address: vault?.address },
    directory: paths.root,
  };
}

/** The same ports as before, so that a GUI's settings stay true; other ones when somebody took them. */
async function onPort<T>(
  servers: Servers,
  asked: number | undefined,
  before: number | undefined,
  start: (port: number | undefined) => Promise<T>,
): Promise<T> {
  try {
    return await start(asked ?? before);
  } catch (error) {
    const taken = error instanceof servers.ServersError && error.code === 'PORT_IN_USE';
    if (!taken || asked !== undefined) throw error;
    return start(undefined);
  }
}

function portsUsedBefore(paths: LocalPaths): {
  postgres: number | undefined;
  vault: number | undefined;
} {
  const entries = loadConfigFile(paths.config).environments.get(LOCAL)?.entries;
  const address = entries?.get('VAULT_ADDRESS')?.value;
  return {
    postgres: Number(entries?.get('DB_PORT')?.value) || undefined,
    vault: address ? Number(new URL(address).port) || undefined : undefined,
  };
}

async function provision(
  paths: LocalPaths,
  postgres: PostgresServer,
  vault: VaultServer,
): Promise<void> {
  const api = vaultApi(vault);
  const client = new pg.Client({ connectionString: postgres.connectionString() });
  await client.connect();
  try {
    // One at a time: two calls at once would make two passwords. The lock ends with the session.
    await client.query('select pg_advisory_lock(1)');
    await ensureDatabase(client, await ensureCredential(api));
    describeLocal(paths, postgres, vault, await ensureToken(paths, api));
  } finally {
    await client.end();
  }
}

/** Writes down how to reach the local environment. */
function describeLocal(
  paths: LocalPaths,
  postgres: PostgresServer,
  vault: VaultServer,
  token: string,
): void {
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

type VaultApi = (
  method: string,
  path: string,
  body?: object,
) => Promise<Record<string, unknown> | undefined>;

/** Vault as its owner sees it; the client in `@spire/access` only reads. */
function vaultApi(vault: VaultServer): VaultApi {
  return async (method, path, body) => {
    const response = await fetch(`${vault.address}/v1/${path}`, {
      method,
      headers: { 'X-Vault-Token': vault.rootToken },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw new Error(`the local Vault answered ${response.status} on ${method} ${path}`);
    return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
  };
}

/** The password in Vault, made the first time. */
async function ensureCredential(api: VaultApi): Promise<string> {
  const apiPath = READ_PATH.replace('secret/', 'secret/data/');
  const answer = (await api('GET', apiPath)) as { data?: { data?: { pwd?: string } } } | undefined;
  const kept = answer?.data?.data?.pwd;
  if (kept) return kept;
  const password = randomBytes(24).toString('base64url');
  await api('POST', apiPath, { data: { user: USER, pwd: password, db: DATABASE } });
  return password;
}

async function ensureDatabase(client: pg.Client, password: string): Promise<void> {
  const { rows: roles } = await client.query('select 1 from pg_roles where rolname = $1', [USER]);
  if (roles.length === 0) await client.query(`create role ${USER} login`);
  await client.query(`alter role ${USER} password ${pg.escapeLiteral(password)}`);
  // Its name is that of a schema, to which its tables would go otherwise.
  await client.query(`alter role ${USER} set search_path to public`);
  const { rows } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (rows.length === 0) await client.query(`create database ${DATABASE} owner ${USER}`);
}

/** A token that may read the credential and nothing else; made anew before it runs out. */
async function ensureToken(paths: LocalPaths, api: VaultApi): Promise<string> {
  const kept = loadConfigFile(paths.config)
    .environments.get(LOCAL)
    ?.entries.get('VAULT_TOKEN')?.value;
  if (kept && (await livesLong(api, kept))) return kept;
  const rules = 'path "secret/data/data-innovation/spire/local/*" { capabilities = ["read"] }';
  await api('PUT', `sys/policies/acl/${POLICY}`, { policy: rules });
  const answer = (await api('POST', 'auth/token/create', {
    policies: [POLICY],
    ttl: TOKEN_LIFE,
    display_name: POLICY,
  })) as { auth?: { client_token?: string } } | undefined;
  const token = answer?.auth?.client_token;
  if (!token) throw new Error('the local Vault made no token');
  return token;
}

async function livesLong(api: VaultApi, token: string): Promise<boolean> {
  const answer = (await api('POST', 'auth/token/lookup', { token }).catch(() => undefined)) as
    | { data?: { ttl?: number } }
    | undefined;
  return (answer?.data?.ttl ?? 0) > RENEW_BELOW_SECONDS;
}
