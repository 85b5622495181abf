import type { PostgresServer, VaultServer } from '@spire/servers';
import { loadServers, type Servers } from './servers-package.ts';

/** Where a Postgres and a Vault keep what they hold. */
export interface ServerPaths {
  readonly root: string;
  readonly postgres: string;
  readonly vault: string;
}

/** A Postgres and the Vault that holds its credentials, both running on this machine. */
export interface ServerPair {
  readonly postgres: PostgresServer;
  readonly vault: VaultServer;
}

/** One of the two servers. */
export interface ServerState {
  readonly running: boolean;
  readonly pid: number | undefined;
  readonly port: number | undefined;
}

/** The two servers, running or not. */
export interface ServerPairState {
  readonly postgres: ServerState;
  readonly vault: ServerState & { readonly address: string | undefined };
  readonly directory: string;
}

/** A port for each of the two. */
export interface ServerPorts {
  readonly postgres?: number | undefined;
  readonly vault?: number | undefined;
}

/** How the two are started. */
export interface StartServersOptions {
  /** Ports that are asked for: nothing else will do. */
  readonly ports?: ServerPorts;
  /** The ports of the last time, taken again unless somebody else has them now. */
  readonly before?: ServerPorts;
  /** Whether Postgres serves TLS. Default: false. */
  readonly tls?: boolean;
}

/**
 * Starts what isn't running. Both run until they are stopped.
 *
 * @throws ServersError `PORT_IN_USE`, `DATA_DIRECTORY_INCOMPATIBLE`, `DATA_DIRECTORY_UNWRITABLE`, ...
 */
export async function startServers(
  paths: ServerPaths,
  { ports = {}, before = {}, tls = false }: StartServersOptions,
): Promise<ServerPair> {
  const servers = await loadServers();
  const [postgres, vault] = await Promise.all([
    onPort(servers, ports.postgres, before.postgres, (port) =>
      servers.startPostgres({
        lifetime: 'detached',
        dataDirectory: paths.postgres,
        tls,
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
  return { postgres, vault };
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

/**
 * Ends both, or one of them; what they hold stays.
 *
 * @param only the one that is ended. Default: both.
 */
export async function stopServers(
  paths: ServerPaths,
  only?: keyof ServerPair,
): Promise<ServerPairState> {
  const found = await findServers(paths);
  const chosen = only ? [found[only]] : [found.postgres, found.vault];
  await Promise.all(chosen.map((server) => server?.stop()));
  return only ? inspectServers(paths) : stateOf(paths, {});
}

/** Which of the two run. */
export async function inspectServers(paths: ServerPaths): Promise<ServerPairState> {
  return stateOf(paths, await findServers(paths));
}

/** Those of the two that run. */
export async function findServers(paths: ServerPaths) {
  const { findPostgres, findVaultProcess } = await loadServers();
  const [postgres, vault] = await Promise.all([
    findPostgres(paths.postgres),
    findVaultProcess(paths.vault),
  ]);
  return { postgres, vault };
}

/** What is told of the two. */
export function stateOf(
  paths: ServerPaths,
  { postgres, vault }: { [Name in keyof ServerPair]?: ServerPair[Name] | undefined },
): ServerPairState {
  return {
    postgres: { running: Boolean(postgres), pid: postgres?.pid, port: postgres?.port },
    vault: { running: Boolean(vault), pid: vault?.pid, port: vault?.port, address: vault?.address },
    directory: paths.root,
  };
}

/** The ports that a description such as `DB_PORT` and `VAULT_ADDRESS` in a config file names. */
export function portsOf(entries: ReadonlyMap<string, { readonly value: string }> | undefined) {
  const address = entries?.get('VAULT_ADDRESS')?.value;
  return {
    postgres: Number(entries?.get('DB_PORT')?.value) || undefined,
    vault: Number(URL.parse(address ?? '')?.port) || undefined,
  };
}
