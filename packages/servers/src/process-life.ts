import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a process with this id runs; one that has exited and waits to be asked for its status doesn't. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** In a container without an init process nobody asks, and such a process stays for ever. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.startsWith('Z') ?? false;
  } catch {
    return false;
  }
}

/**
 * Ends a process and waits until it is gone.
 *
 * @param signals the politest first; the next one is sent when the process outlives the wait.
 * @param waitMillis how long each signal has.
 * @example
 * await endProcess(server.pid, ['SIGTERM', 'SIGKILL'], 5000);
 */
export async function endProcess(
  pid: number,
  signals: readonly NodeJS.Signals[],
  waitMillis: number,
): Promise<void> {
  for (const signal of signals) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + waitMillis;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await sleep(10);
    }
  }
}
