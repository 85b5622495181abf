import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
 * const ca = readCaFile(environment, 'vaultCaFile');
 */
export function readCaFile(
  { name, values }: ResolvedEnvironment,
  key: 'caFile' | 'vaultCaFile',
): string | undefined {
  const file = values[key];
  if (!file) return undefined;
  const [variable] = VALUE_NAMES[key].names;
  return readPem(file.value, `${variable} of ${name} names a file that can't be read`, {
    environment: name,
    suggestions: [`Correct it: ${variable} from ${describeOrigin(file.origin)}`],
  });
}

/**
 * The certificates to trust when a database is connected to: those of `DB_CA_FILE`; for a host of Amazon
 * RDS, whose certificates no system knows, Amazon's own, which are part of this package; else the system's.
 *
 * @returns PEM; undefined: the system's.
 * @throws AccessError `CONFIG_INVALID` when the file can't be read.
 * @example
 * const ca = databaseCa(credential.environment);
 */
export function databaseCa(environment: ResolvedEnvironment): string | undefined {
  const { name, values } = environment;
  if (values.caFile || !isRds(values.host?.value)) return readCaFile(environment, 'caFile');
  return readPem(rdsBundle(), "The certificates that come with Spire can't be read", {
    environment: name,
    suggestions: [
      'Install Spire again.',
      `Or name them: spire env set DB_CA_FILE /path/to/ca.pem -e ${name}`,
    ],
  });
}

/** The file of {@link databaseCa}, for programs that read it themselves; undefined: the system's. */
export function databaseCaFile({ values }: ResolvedEnvironment): string | undefined {
  return values.caFile?.value ?? (isRds(values.host?.value) ? rdsBundle() : undefined);
}

/** A proxy of Amazon's has a certificate that every system knows. */
function isRds(host = ''): boolean {
  return /\.rds\.amazonaws\.com(\.cn)?\.?$/i.test(host) && !/\.proxy-/i.test(host);
}

function rdsBundle(): string {
  return fileURLToPath(new URL('../certificates/rds.pem', import.meta.url));
}

function readPem(
  file: string,
  problem: string,
  options: { environment: string; suggestions: readonly string[] },
): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new AccessError('CONFIG_INVALID', `${problem}: ${file} (${reason}).`, options);
  }
}
