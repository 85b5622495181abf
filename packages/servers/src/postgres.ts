import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localCertificates } from './certificates.ts';
import { ServersError } from './errors.ts';
import { freePort } from './free-port.ts';
import { npmPostgresBinaries, withoutRoot } from './postgres-binaries.ts';
import { clusterPaths, ensureCluster } from './postgres-cluster.ts';
import { PostgresServer } from './postgres-server.ts';
import { findPostmaster, readPostmaster } from './postmaster-file.ts';
import { endProcess, isAlive } from './process-life.ts';

/** How a Postgres is to be started. */
export interface StartPostgresOptions {
  /** `parent`: ends with this process, however that ends. `detached`: runs until it is stopped. */
  readonly lifetime: 'parent' | 'detached';
  /** Where everything is kept. Default, with `parent` only: a temporary one, removed at the end. */
  readonly dataDirectory?: string;
  /** Default: one that is free. */
  readonly port?: number;
  /** Serve TLS with a certificate for localhost from an authority of its own. Default: false. */
  readonly tls?: boolean;
  /** Survive a crash of the machine. Default: only when detached. */
  readonly durable?: boolean;
  /** The directory of another PostgreSQL's programs, 14 or newer. Default: PostgreSQL 18 from npm. */
  readonly binaries?: string;
  /** More settings of the server, such as `{max_connections: '20'}`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const START_MILLISECONDS = 30_000;

/**
 * Starts a real Postgres on loopback and waits until it answers. A detached server that already runs
 * in the directory is taken over as it is.
 *
 * @throws ServersError `PORT_IN_USE`, `DATA_DIRECTORY_INCOMPATIBLE` (another major version),
 * `DATA_DIRECTORY_UNWRITABLE`, `BINARIES_MISSING`, `SERVER_START_FAILED` (with the end of its log).
 * @example
 * const server = await startPostgres({lifetime: 'parent'});
 * const database = await server.createDatabase('trial');
 * await server.stop();
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const temporary = options.dataDirectory === undefined;
  if (temporary && options.lifetime === 'detached') {
    throw new TypeError('A detached server needs a dataDirectory.');
  }
  const dataDirectory = resolve(options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'postgres-')));
  try {
    const running = await findPostgres(dataDirectory);
    if (running) return running;
    const binaries = options.binaries ?? npmPostgresBinaries();
    await ensureCluster(dataDirectory, binaries);
    return await startOnFreePort(dataDirectory, binaries, options);
  } catch (error) {
    if (temporary) rmSync(dataDirectory, { recursive: true, force: true });
    throw error;
  }
}

/** A free port can be taken between the look and the start; the next one is tried then. */
async function startOnFreePort(
  dataDirectory: string,
  binaries: string,
  options: StartPostgresOptions,
): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(options.port);
    try {
      return await start(dataDirectory, binaries, port, options);
    } catch (error) {
      const taken = error instanceof ServersError && error.code === 'PORT_IN_USE';
      if (!taken || options.port !== undefined || attempt === 5) throw error;
    }
  }
}

/** The server that runs in a data directory, started by whomever; undefined when none does. */
export async function findPostgres(dataDirectory: string): Promise<PostgresServer | undefined> {
  const directory = resolve(dataDirectory);
  const postmaster = await findPostmaster(clusterPaths(directory).cluster);
  if (!postmaster) return undefined;
  await untilReady(directory, postmaster.pid);
  return new PostgresServer(directory, postmaster.pid, postmaster.port, () => stop(postmaster.pid));
}

async function start(
  dataDirectory: string,
  binaries: string,
  port: number,
  options: StartPostgresOptions,
): Promise<PostgresServer> {
  const { cluster, log } = clusterPaths(dataDirectory);
  const durable = options.durable ?? options.lifetime === 'detached';
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
    ...options.settings,
  };
  if (options.tls) {
    const certificates = await localCertificates(dataDirectory);
    settings.ssl = 'on';
    settings.ssl_cert_file = certificates.certificateFile;
    settings.ssl_key_file = certificates.keyFile;
  }
  const invocation = withoutRoot(join(binaries, 'postgres'), [
    '-D',
    cluster,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const output = openSync(log, 'a', 0o600);
  // A process group of its own: Ctrl-C in a terminal is for the caller, who then stops the server.
  const child = spawn(invocation.command, invocation.args, {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  const pid = child.pid;
  if (pid === undefined) {
    throw new ServersError('SERVER_START_FAILED', `${invocation.command} can't be run.`);
  }
  const temporary = options.dataDirectory === undefined ? dataDirectory : undefined;
  const watcher = options.lifetime === 'parent' ? watchParent(pid, temporary) : undefined;
  try {
    await untilReady(dataDirectory, pid, child);
  } catch (error) {
    watcher?.stdin?.end();
    // Somebody else started a server on this directory in the same moment: that one is as good.
    const other = await findPostmaster(cluster);
    if (other && other.pid !== pid) return (await findPostgres(dataDirectory)) ?? raise(error);
    throw error;
  }
  return new PostgresServer(dataDirectory, pid, port, async () => {
    await stop(pid);
    watcher?.stdin?.end();
    if (temporary) rmSync(temporary, { recursive: true, force: true });
  });
}

/** A small process that outlives ours: when our end of its pipe closes, it ends the server. */
function watchParent(pid: number, temporary: string | undefined): ChildProcess {
  const script = `read -r _
kill -INT "$1" 2>/dev/null
i=0; while kill -0 "$1" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done
[ -z "$2" ] || rm -rf -- "$2"`;
  const watcher = spawn('/bin/sh', ['-c', script, 'watcher', String(pid), temporary ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  return watcher;
}

async function untilReady(dataDirectory: string, pid: number, child?: ChildProcess): Promise<void> {
  const { cluster, log } = clusterPaths(dataDirectory);
  const deadline = Date.now() + START_MILLISECONDS;
  while (Date.now() < deadline) {
    const postmaster = readPostmaster(cluster);
    if (postmaster?.pid === pid && postmaster.ready) return;
    if (child ? child.exitCode !== null : !isAlive(pid)) break;
    await sleep(20);
  }
  const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  if (/could not bind|Address already in use/.test(tail)) {
    throw new ServersError('PORT_IN_USE', 'The port was taken while Postgres started.', {
      suggestions: ['Try again, or choose another port.'],
    });
  }
  throw new ServersError('SERVER_START_FAILED', `Postgres did not start. Its log ends:\n${tail}`, {
    suggestions: [`Read the whole log: ${log}`],
  });
}

/** Fast shutdown: sessions are ended, nothing is lost. */
function stop(pid: number): Promise<void> {
  return endProcess(pid, ['SIGINT', 'SIGQUIT', 'SIGKILL'], 10_000);
}

function raise(error: unknown): never {
  throw error;
}
