import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServersError } from './errors.ts';
import { isAlive } from './process-life.ts';

/** Nobody holds the lock for longer: an older one was left behind, even if its process id is in use. */
const HELD_AT_MOST_MILLISECONDS = 60_000;
const RELEASED = 'released';

/**
 * Runs something that only one process at a time may do in a directory. Others wait. The lock of a
 * process that was killed is taken over. The directory is made when it is missing.
 *
 * A lock is a numbered file, and the highest number counts. Taking over makes the next number
 * (exclusively) instead of removing the old file: whoever removes a file can't know that it is still
 * the one that was found stale. The last file stays, so that numbers never start again.
 *
 * @throws ServersError `SERVER_START_FAILED` when others hold the lock all the time;
 * `DATA_DIRECTORY_UNWRITABLE`.
 */
export async function withStartLock<Result>(
  directory: string,
  run: () => Promise<Result>,
): Promise<Result> {
  ensureDirectory(directory);
  const deadline = Date.now() + HELD_AT_MOST_MILLISECONDS;
  let held = tryLock(directory);
  while (held === undefined) {
    if (Date.now() > deadline) {
      throw new ServersError(
        'SERVER_START_FAILED',
        `Another process is starting in ${directory}.`,
        {
          suggestions: ['Try again when it is done.'],
        },
      );
    }
    await sleep(25);
    held = tryLock(directory);
  }
  try {
    return await run();
  } finally {
    writeFileSync(lockFile(directory, held), RELEASED);
  }
}

function ensureDirectory(dataDirectory: string): void {
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    accessSync(dataDirectory, constants.W_OK);
  } catch (cause) {
    throw new ServersError('DATA_DIRECTORY_UNWRITABLE', `${dataDirectory} can't be written to.`, {
      suggestions: ['Give yourself write permission, or choose another directory.'],
      cause,
    });
  }
}

/** The number of the lock now held; undefined when somebody else has it. */
function tryLock(directory: string): number | undefined {
  const last = lockNumbers(directory).at(-1) ?? 0;
  if (last > 0 && isHeld(lockFile(directory, last))) return undefined;
  const mine = last + 1;
  try {
    writeFileSync(lockFile(directory, mine), String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  const numbers = lockNumbers(directory);
  if (numbers.at(-1) !== mine) {
    // Mine was made after a higher one, whose holder has cleared the numbers below away.
    rmSync(lockFile(directory, mine), { force: true });
    return undefined;
  }
  for (const number of numbers) {
    if (number < mine) rmSync(lockFile(directory, number), { force: true });
  }
  return mine;
}

function isHeld(file: string): boolean {
  try {
    const owner = readFileSync(file, 'utf8');
    if (owner === RELEASED) return false;
    const age = Date.now() - statSync(file).mtimeMs;
    if (age > HELD_AT_MOST_MILLISECONDS) return false;
    // Empty between its creation and the writing of its owner.
    return owner === '' || isAlive(Number(owner));
  } catch {
    // Cleared away: somebody has a higher one by now.
    return true;
  }
}

function lockNumbers(directory: string): number[] {
  const names = readdirSync(directory).map((name) => /^start-lock\.(\d+)$/.exec(name)?.[1]);
  return names
    .flatMap((number) => number ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function lockFile(directory: string, number: number): string {
  return join(directory, `start-lock.${number}`);
}
