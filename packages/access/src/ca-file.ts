import { readFileSync } from 'node:fs';
import { describeOrigin, type ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import { VALUE_NAMES } from './value-names.ts';

/**
 * The certificates that an environment names to be trusted instead of the system's.
 *
 * @param key `caFile` for Postgres, `vaultCaFile` for Vault.
 * @returns PEM; undefined where none are named.
 * @throws AccessError `CONFIG_INVALID` when the file can't be read.
 * @example
 * const ca = readCaFile(environment, 'caFile');
 */
export function readCaFile(
  { name, values }: ResolvedEnvironment,
  key: 'caFile' | 'vaultCaFile',
): string | undefined {
  const file = values[key];
  if (!file) return undefined;
  try {
    return readFileSync(file.value, 'utf8');
  } catch (cause) {
    const [variable] = VALUE_NAMES[key].names;
    const reason = (cause as NodeJS.ErrnoException).code;
    const message = `${variable} of ${name} names a file that can't be read: ${file.value} (${reason}).`;
    throw new AccessError('CONFIG_INVALID', message, {
      environment: name,
      suggestions: [`Correct it: ${variable} from ${describeOrigin(file.origin)}`],
    });
  }
}
