import { writeFileSync } from 'node:fs';
import { CliError } from '../errors.ts';

/**
 * Writes a file that isn't there yet.
 *
 * @throws CliError `USAGE` when it is, or can't be written.
 */
export function writeNewFile(path: string, content: string): void {
  try {
    writeFileSync(path, content, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError('USAGE', `${path} can't be written (${code}).`, [
      code === 'EEXIST' ? 'It exists already: name another file.' : 'Name a file that can be made.',
    ]);
  }
}
