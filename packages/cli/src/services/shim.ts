import { accessSync, chmodSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A `spire` that can be called from anywhere. */
export interface Shim {
  readonly file: string;
  /** Whether its directory is on PATH, so that `spire` finds it. */
  readonly onPath: boolean;
}

/** Where the shim belongs, and whether it would be found there. */
export function shimPlace(variables: NodeJS.ProcessEnv): Shim {
  const file = join(variables.HOME || homedir(), '.local', 'bin', 'spire');
  return { file, onPath: (variables.PATH ?? '').split(delimiter).includes(dirname(file)) };
}

/** Whether there is a shim already. */
export function hasShim({ file }: Shim): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes a script that calls this checkout's `spire` with the Node that runs it now.
 *
 * @param script the file that this process was started with.
 */
export function writeShim({ file }: Shim, script: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const quoted = (path: string) => `'${path.replaceAll("'", `'\\''`)}'`;
  writeFileSync(file, `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(script)} "$@"\n`);
  chmodSync(file, 0o755);
}
