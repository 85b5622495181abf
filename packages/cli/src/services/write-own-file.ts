import { readFileSync } from 'node:fs';
import { writePrivateFile } from '@spire/access';
import { CliError } from '../errors.ts';

/** Stands in every file that Spire writes for another program. */
const SIGN = 'Written by spire gui';

/**
 * Writes a file for another program, in place of one that Spire wrote before; only its owner may read it.
 *
 * @throws CliError `USAGE` when somebody else's file is there; AccessError `CONFIG_UNWRITABLE`.
 */
export function writeOwnFile(path: string, content: string): void {
  const before = read(path);
  if (before !== undefined && !before.includes(SIGN)) {
    throw new CliError('USAGE', `${path} wasn't written by Spire, and stays as it is.`, [
      'Move it away, or name another file.',
    ]);
  }
  writePrivateFile(path, content);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CliError('USAGE', `${path} can't be read (${code}).`, ['Name another file.']);
  }
}
