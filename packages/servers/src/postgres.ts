import { type ChildProcess, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localCertificates } from './certificates.ts';
import { ServersError } from './errors.ts';
import { freePort } from './free-port.ts';
import { npmPostgresBinaries, withoutRoot } from './postgres-binaries.ts';
import { clusterPaths, ensureCluster } from './postgres-cluster.ts';
import { PostgresServer } from './postgres-server.ts';
import {
  disownPostmasterFile,
  findPostmaster,
  readPostmaster,
  worksIn,
} from './postmaster-file.ts';
import { endProcess, isAlive } from './process-life.ts';
import { withStartLock } from './start-lock.ts';

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
export function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  return startOn(ensureCluster, options);
}

/**
 * Starts a Postgres as {@link startPostgres} does.
 *
 * @param prepare sees to it that a data directory has its cluster. One process at a time is in it.
 */
export async function startOn(
  prepare: (dataDirectory: string, binaries: string) => Promise<void>,
  options: StartPostgresOptions,
): Promise<PostgresServer> {
  const temporary = options.dataDirectory === undefined;
  if (temporary && options.lifetime === 'detached') {
    throw new TypeError('A detached server needs a dataDirectory.');
  }
  const dataDirectory = resolve(options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'postgres-')));
  try {
    return await withStartLock(dataDirectory, async () => {
      const running = await findPostgres(dataDirectory);
      if (running) return running;
      const binaries = options.binaries ?? npmPostgresBinaries();
      await prepare(dataDirectory, binaries);
      disownPostmasterFile(clusterPaths(dataDirectory).cluster);
      return startOnFreePort(dataDirectory, binaries, options);
    });
  } catch (error) {
    if (temporary) rmSync(dataDirectory, { recursive: true, force: true });
    throw error;
  }
}

/**
 * A free port can be taken between the look and the start; the next one is tried then. And the
 * sessions of a server that was killed need a moment to notice; Postgres doesn't start before.
 */
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
      if (!(error instanceof ServersError)) throw error;
      const taken = error.code === 'PORT_IN_USE' && options.port === undefined;
      const orphans = error.message.includes('pre-existing shared memory block');
      if (!(taken && attempt < 5) && !(orphans && attempt < 50)) throw error;
      if (orphans) await sleep(100);
    }
  }
}

/**
 * The server that runs in a data directory, started by whomever; undefined when none does. One that
 * is starting or ending is waited for.
 *
 * @throws ServersError `SERVER_START_FAILED` when it does neither within 30 s.
 */
export async function findPostgres(dataDirectory: string): Promise<PostgresServer | undefined> {
  const directory = resolve(dataDirectory);
  const { cluster } = clusterPaths(directory);
  const postmaster = await findPostmaster(cluster);
  if (!postmaster) return undefined;
  const { pid, port } = postmaster;
  if (!(await becomesReady(directory, pid, () => isAlive(pid)))) return undefined;
  return new PostgresServer(directory, pid, port, () => stop(pid, cluster));
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
  if (options.tls && invocation.owner !== undefined) {
    chownSync(join(dataDirectory, 'server.key'), invocation.owner, invocation.owner);
  }
  const output = openSync(log, 'a', 0o600);
  const logStart = fstatSync(output).size;
  // A process group of its own: Ctrl-C in a terminal is for the caller, who then stops the server.
  const child = spawn(invocation.command, invocation.args, {
    detached: true,
    env: invocation.env,
    stdio: ['ignore', output, output],
  });
  child.on('error', () => {});
  closeSync(output);
  child.unref();
  const pid = child.pid;
  if (pid === undefined) {
    throw new ServersError('SERVER_START_FAILED', `${invocation.command} can't be run.`);
  }
  const temporary = options.dataDirectory === undefined ? dataDirectory : undefined;
  const watcher = options.lifetime === 'parent' ? watchParent(pid, cluster, temporary) : undefined;
  child.once('exit', () => watcher?.stdin?.write('gone\n'));
  const runs = () => child.exitCode === null && child.signalCode === null;
  if (!(await becomesReady(dataDirectory, pid, runs))) {
    watcher?.stdin?.end('keep\n');
    throw startFailure(log, logStart);
  }
  return new PostgresServer(dataDirectory, pid, port, async () => {
    await stop(pid, cluster);
    if (temporary) rmSync(temporary, { recursive: true, force: true });
    watcher?.stdin?.end('keep\n');
  });
}

/**
 * A small process that outlives ours: when our end of its pipe closes, it ends the server and removes
 * what is temporary. It is told `gone` when the server has ended, whose id may then be another's, and
 * `keep` when there is nothing left to do.
 */
function watchParent(pid: number, cluster: string, temporary: string | undefined): ChildProcess {
  const script = `server=$1
while read -r word; do
  case $word in gone) server= ;; keep) exit ;; esac
done
if [ -n "$server" ] && kill -INT "$server"; then
  i=0
  while kill -0 "$server" && [ -e "$2/postmaster.pid" ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done
  [ $i -lt 100 ] || kill -QUIT "$server"
fi
[ -z "$3" ] || rm -rf -- "$3"`;
  const args = ['-c', script, 'watcher', String(pid), cluster, temporary ?? ''];
  const watcher = spawn('/bin/sh', args, {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  (watcher.stdin as unknown as { unref(): void }).unref();
  return watcher;
}

/** Waits until a server answers; false when it ends instead. */
async function becomesReady(
  dataDirectory: string,
  pid: number,
  runs: () => boolean,
): Promise<boolean> {
  const { cluster, log } = clusterPaths(dataDirectory);
  const deadline = Date.now() + START_MILLISECONDS;
  while (runs()) {
    const postmaster = readPostmaster(cluster);
    if (postmaster?.pid === pid && postmaster.ready) return true;
    if (Date.now() > deadline) {
      throw new ServersError('SERVER_START_FAILED', `Postgres (pid ${pid}) isn't ready in time.`, {
        suggestions: [`It may be recovering: read its log, ${log}`],
      });
    }
    await sleep(20);
  }
  return false;
}

/** @param from where in the log this start begins: what stands before was another one's trouble. */
function startFailure(log: string, from: number): ServersError {
  const text = readFileSync(log).subarray(from).toString().trimEnd();
  if (/could not bind|Address already in use/.test(text)) {
    return new ServersError('PORT_IN_USE', 'The port was taken while Postgres started.', {
      suggestions: ['Try again, or choose another port.'],
    });
  }
  const tail = text.split('\n').slice(-5).join('\n');
  return new ServersError('SERVER_START_FAILED', `Postgres did not start. Its log ends:\n${tail}`, {
    suggestions: [`Read the whole log: ${log}`],
  });
}

/** Fast shutdown: sessions are ended, nothing is lost. */
async function stop(pid: number, cluster: string): Promise<void> {
  // It may have ended long ago, and another program have its id by now.
  if (worksIn(pid, cluster) === false) return;
  await endProcess(pid, ['SIGINT', 'SIGQUIT', 'SIGKILL'], 10_000);
}
