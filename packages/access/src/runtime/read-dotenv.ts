import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { AccessError } from '../errors.ts';
import { knownVariables, type Runtime } from './runtime-variables.ts';

/**
 * A dotenv file as a runtime, read as Node reads one.
 *
 * @throws AccessError `RUNTIME_NOT_FOUND` (there is none, or it can't be read).
 */
export function readDotenv(file: string): Runtime {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new AccessError('RUNTIME_NOT_FOUND', `${file} can't be read (${code}).`, {
      suggestions: ['Check the path.'],
      cause,
    });
  }
  return { description: `file ${file}`, variables: knownVariables(Object.entries(parseEnv(text))) };
}
