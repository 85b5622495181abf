import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServersError } from '../errors.ts';
import { isAlive } from '../process-life.ts';
import { replaceFile } from './storage.ts';

/** What is written about a running server; nothing of it is secret. */
export interface VaultPidFile {
  readonly pid: number;
  readonly port: number;
  /** Which server it is: a process id and a port may by now belong to another one. */
  readonly instance: string;
  readonly startedAt: string;
}

function pidFilePath(dataDirectory: string): string {
  return join(dataDirectory, 'vault.pid');
}

export function writePidFile(dataDirectory: string, content: VaultPidFile): void {
  replaceFile(pidFilePath(dataDirectory), `${JSON.stringify(content)}\n`);
}

/** Undefined when there is none, or something else. */
export function readPidFile(dataDirectory: string): VaultPidFile | undefined {
  try {
    const kept = JSON.parse(readFileSync(pidFilePath(dataDirectory), 'utf8'));
    const valid = kept.pid > 0 && kept.port > 0 && typeof kept.instance === 'string';
    return valid ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the file if it is about this process. */
export function removePidFile(dataDirectory: string, pid: number): void {
  if (readPidFile(dataDirectory)?.pid === pid) {
    rmSync(pidFilePath(dataDirectory), { force: true });
  }
}

/**
 * Whether the server that a file is about still runs.
 *
 * @throws ServersError `SERVER_START_FAILED` when something listens there and says nothing: to take
 * it for gone would put two servers on one state.
 */
export async function isRunning({ pid, port, instance }: VaultPidFile): Promise<boolean> {
  for (let attempt = 1; isAlive(pid); attempt += 1) {
    const found = await instanceAt(port);
    if (found !== 'silent') return found === instance;
    if (attempt === 5) {
      throw new ServersError('SERVER_START_FAILED', `The Vault of process ${pid} doesn't answer.`, {
        suggestions: [`End process ${pid}, then try again.`],
      });
    }
    await sleep(100);
  }
  return false;
}

/** Which Vault answers on a port: its instance, or that there is none. */
export async function instanceAt(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/sys/health`, {
      headers: { Connection: 'close' },
      signal: AbortSignal.timeout(2000),
    });
    const health = (await response.json()) as { cluster_id?: unknown } | null;
    return typeof health?.cluster_id === 'string' ? health.cluster_id : undefined;
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'silent' : undefined;
  }
}
