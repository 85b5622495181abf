import { createReadStream } from 'node:fs';
import { parseDocument, type YAMLError } from 'yaml';
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
  const name = path === '-' ? 'stdin' : path;
  const source = path === '-' ? process.stdin : createReadStream(callerPath(path));
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > LARGEST_BYTES) throw tooLarge(name);
      chunks.push(Buffer.from(chunk));
    }
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(name, error as NodeJS.ErrnoException);
  }
  return parseInput(name, decoded(name, Buffer.concat(chunks)));
}

/**
 * Reads a file as {@link loadInput} does, that holds names with values.
 *
 * @throws CliError as `loadInput`, and `INPUT_INVALID` for a list or a bare value.
 */
export async function loadMapping(path: string): Promise<object> {
  const input = await loadInput(path);
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw new CliError(
    'INPUT_INVALID',
    `${path}: expected names with values such as {"description": "Beauty"}.`,
    ['Nothing was written. Correct the file and try again.'],
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you aren't allowed to read it",
  EISDIR: 'it is a directory',
  ENOENT: 'there is no such file',
};

function unreadable(name: string, { code = 'unknown' }: NodeJS.ErrnoException): CliError {
  return new CliError('INPUT_MISSING', `${name} can't be read: ${REASONS[code] ?? code}.`, [
    'Check the path; a relative one starts where you called spire.',
  ]);
}

function decoded(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CliError('INPUT_INVALID', `${name} isn't text in UTF-8.`, [
      'Nothing was written. Save it in UTF-8 and try again.',
    ]);
  }
}

function tooLarge(path: string): CliError {
  return new CliError(
    'INPUT_TOO_LARGE',
    `${path} is larger than 1 MB, the most a definition may have.`,
    ['Nothing was written. Check that it is the file you meant.'],
  );
}

/**
 * Parses YAML, of which JSON is a part.
 *
 * @throws CliError `INPUT_INVALID`, with line and column.
 */
export function parseInput(name: string, source: string): unknown {
  // Warnings are errors here: what YAML only guesses at isn't written into a database.
  const document = parseDocument(source, { prettyErrors: true, logLevel: 'error' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const [position] = problem.linePos ?? [];
    const where = position ? `${name}:${position.line}:${position.col}` : name;
    throw new CliError(
      'INPUT_INVALID',
      `${where} is neither YAML nor JSON: ${reasonOf(problem)}.`,
      ['Nothing was written. Correct that line and try again.'],
    );
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new CliError('INPUT_INVALID', `${name} uses more aliases than a definition needs.`, [
      'Nothing was written. Write out what the aliases stand for, and try again.',
    ]);
  }
}

/** The first line of what the parser says; the others quote the input. */
function reasonOf({ code, message }: YAMLError): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'it is nested deeper than a definition needs';
  if (code === 'MULTIPLE_DOCS') return 'it holds several documents, and one is expected';
  return message.split('\n')[0]?.replace(/ at line.*$/, '') ?? code;
}
