import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AccessError } from './errors.ts';
import { unwritable } from './private-file.ts';

/** Who holds the lock reads a small file and writes it again: that takes milliseconds. */
const WAIT_AT_MOST_MILLISECONDS = 2_000;

/**
 * Runs what reads a file and writes it again, which one process at a time may do: the second would
 * lose what the first wrote. Others wait.
 *
 * The lock is a file beside it. One that a killed process left behind is never taken over, since
 * nobody can tell whether it is still the same one when it is removed; the error says what to remove.
 *
 * @throws AccessError `CONFIG_UNWRITABLE`.
 */
export function withFileLock<Result>(path: string, run: () => Result): Result {
  const lock = `${path}.lock`;
  const deadline = Date.now() + WAIT_AT_MOST_MILLISECONDS;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    while (!tryLock(lock)) {
      if (Date.now() > deadline) {
        throw new AccessError('CONFIG_UNWRITABLE', `Another process is changing ${path}.`, {
          suggestions: [`If there is none, it was killed: rm '${lock}'`],
        });
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  } catch (cause) {
    throw cause instanceof AccessError ? cause : unwritable(path, 'written', cause);
  }
  try {
    return run();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, '', { mode: 0o600, flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}
