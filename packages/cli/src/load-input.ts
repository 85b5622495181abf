import { createReadStream } from 'node:fs';
import { parseDocument } from 'yaml';
import { callerPath } from './called-as.ts';
import { CliError } from './errors.ts';

/** More than any definition needs, and little enough to check in a moment. */
const LARGEST_BYTES = 1024 * 1024;

/**
 * Reads a definition in YAML or JSON from a file, or from stdin when the path is `-`.
 *
 * @returns what it holds, not checked any further.
 * @throws CliError `INPUT_MISSING`, `INPUT_TOO_LARGE`, `INPUT_INVALID` (with line and column).
 */
export async function loadInput(path: string): Promise<unknown> {
  const source = path === '-' ? process.stdin : createReadStream(callerPath(path));
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > LARGEST_BYTES) throw tooLarge(path);
      chunks.push(Buffer.from(chunk));
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError('INPUT_MISSING', `${path} can't be read (${code}).`, [
      'Check the path; a relative one starts where you called spire.',
    ]);
  }
  return parseInput(path === '-' ? 'stdin' : path, Buffer.concat(chunks).toString('utf8'));
}

function tooLarge(path: string): CliError {
  return new CliError(
    'INPUT_TOO_LARGE',
    `${path} is larger than 1 MB, the most a definition may have.`,
    ['Nothing was written. Check that it is the file you meant.'],
  );
}

/** Parses YAML, of which JSON is a part. */
export function parseInput(name: string, source: string): unknown {
  const document = parseDocument(source, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem) {
    const [position] = problem.linePos ?? [];
    const where = position ? `${name}:${position.line}:${position.col}` : name;
    const reason = problem.message.split('\n')[0]?.replace(/ at line.*$/, '');
    throw new CliError('INPUT_INVALID', `${where} is neither YAML nor JSON: ${reason}.`, [
      'Nothing was written. Correct that line and try again.',
    ]);
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new CliError('INPUT_INVALID', `${name} uses more aliases than a definition needs.`);
  }
}
