import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServersError, type ServersErrorCode } from '../errors.ts';
import { endProcess } from '../process-life.ts';
import { withStartLock } from '../start-lock.ts';
import type { VaultServer } from './start-vault.ts';
import { readState } from './storage.ts';
import {
  instanceAt,
  isRunning,
  readPidFile,
  removePidFile,
  type VaultPidFile,
  writePidFile,
} from './vault-pid-file.ts';

/** How a Vault is to be started in a process of its own. */
export interface StartVaultProcessOptions {
  /** `parent`: ends with this process, however that ends. `detached`: runs until it is stopped. */
  readonly lifetime: 'parent' | 'detached';
  /** Where its state, its log and what is known of its process are kept. Made when it is missing. */
  readonly dataDirectory: string;
  /** Default: one that is free. A server that already runs keeps its own. */
  readonly port?: number;
}

/** What the process is told, and what it tells back. */
export type VaultProcessOrder = StartVaultProcessOptions;
export type VaultProcessReport =
  | { readonly port: number }
  | {
      readonly failed: {
        readonly code: ServersErrorCode;
        readonly message: string;
        readonly suggestions: readonly string[];
      };
    };

const START_MILLISECONDS = 20_000;

/**
 * Starts a Vault in a process of its own, with its state in a directory, and waits until it answers.
 * When one already runs on the directory, that one is returned, whatever its lifetime.
 *
 * @throws ServersError `PORT_IN_USE`; `DATA_DIRECTORY_UNWRITABLE`; `DATA_DIRECTORY_INCOMPATIBLE` when
 * its state isn't a Vault's; `SERVER_START_FAILED`.
 * @example
 * const vault = await startVaultProcess({lifetime: 'detached', dataDirectory: '/tmp/vault'});
 */
export async function startVaultProcess(options: StartVaultProcessOptions): Promise<VaultServer> {
  const dataDirectory = resolve(options.dataDirectory);
  return withStartLock(dataDirectory, async () => {
    const running = await forgetIfGone(dataDirectory);
    return handleOf(dataDirectory, running ?? (await launch({ ...options, dataDirectory })));
  });
}

/**
 * The Vault that runs on a directory, started by whomever; undefined when none does. What a server
 * that was killed left behind is removed.
 *
 * @throws ServersError `SERVER_START_FAILED` when it runs but doesn't answer.
 */
export async function findVaultProcess(dataDirectory: string): Promise<VaultServer | undefined> {
  const directory = resolve(dataDirectory);
  const known = readPidFile(directory);
  if (!known) return undefined;
  if (await isRunning(known)) return handleOf(directory, known);
  // Only under the lock is it certain that the file isn't a new one by now.
  const started = await withStartLock(directory, () => forgetIfGone(directory));
  return started && handleOf(directory, started);
}

async function forgetIfGone(dataDirectory: string): Promise<VaultPidFile | undefined> {
  const known = readPidFile(dataDirectory);
  if (!known || (await isRunning(known))) return known;
  removePidFile(dataDirectory, known.pid);
  return undefined;
}

async function launch(order: VaultProcessOrder): Promise<VaultPidFile> {
  const { dataDirectory, lifetime } = order;
  const log = join(dataDirectory, 'vault.log');
  const output = openSync(log, 'w', 0o600);
  const program = new URL(`./vault-main${extname(import.meta.url)}`, import.meta.url);
  // A process group of its own, for Ctrl-C is the caller's to handle; and nothing of the caller's
  // environment, where secrets may be.
  const child = spawn(process.execPath, [fileURLToPath(program)], {
    cwd: dataDirectory,
    detached: true,
    env: {},
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  try {
    const port = await startedOn(child, order, log);
    const instance = await instanceAt(port);
    if (child.pid === undefined || instance === undefined) throw startFailed(log);
    const known = { pid: child.pid, port, instance, startedAt: new Date().toISOString() };
    writePidFile(dataDirectory, known);
    child.unref();
    if (lifetime === 'detached') child.disconnect();
    else child.channel?.unref();
    return known;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** The port that the child reports. */
async function startedOn(
  child: ChildProcess,
  order: VaultProcessOrder,
  log: string,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<VaultProcessReport>();
  const timer = setTimeout(() => reject(startFailed(log)), START_MILLISECONDS);
  child.once('exit', () => reject(startFailed(log)));
  child.once('error', (cause) => reject(startFailed(log, cause)));
  child.once('message', (report: VaultProcessReport) => resolve(report));
  // That the child is gone is told by its exit.
  child.send(order, () => {});
  const report = await promise.finally(() => clearTimeout(timer));
  if ('port' in report) return report.port;
  const { code, message, suggestions } = report.failed;
  throw new ServersError(code, message, { suggestions });
}

function startFailed(log: string, cause?: unknown): ServersError {
  return new ServersError('SERVER_START_FAILED', 'Vault did not start.', {
    suggestions: [`Read its log: ${log}`],
    cause,
  });
}

function handleOf(dataDirectory: string, known: VaultPidFile): VaultServer {
  return {
    address: `http://127.0.0.1:${known.port}`,
    port: known.port,
    pid: known.pid,
    // Read when it is asked for: a server whose file is broken can still be seen and stopped.
    get rootToken() {
      return readState(join(dataDirectory, 'vault.json')).rootToken;
    },
    stop: () => end(dataDirectory, known),
  };
}

async function end(dataDirectory: string, known: VaultPidFile): Promise<void> {
  // One that is silent is ended too; one that answers as somebody else is not ours to end.
  const running = await isRunning(known).catch(() => true);
  if (running) {
    await endProcess(known.pid, ['SIGTERM', 'SIGKILL'], 5000);
  }
  removePidFile(dataDirectory, known.pid);
}
