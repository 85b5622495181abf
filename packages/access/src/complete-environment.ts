import {
  type Candidate,
  type EnvironmentValues,
  LOCAL,
  type Origin,
  type Resolved,
  type ResolvedEnvironment,
} from './environment.ts';
import { AccessError } from './errors.ts';
import { VALUE_NAMES } from './value-names.ts';
import type { VaultSecret } from './vault/secret.ts';

/** The names that a secret's fields may have, the preferred one first. */
const FIELDS = {
  user: ['username', 'user'],
  password: ['password', 'pwd'],
  host: ['host'],
  port: ['port'],
  database: ['database', 'db'],
} as const;

type Field = keyof typeof FIELDS;

/**
 * The environment with what a secret says: user and password are the secret's, host, port and
 * database stand between the config file and the defaults.
 *
 * @throws AccessError `SECRET_MALFORMED` when user or password is missing, or a field can't be one.
 * @example
 * completeEnvironment(environment, 'secret/team/db', await readSecret(vault, 'secret/team/db'));
 */
export function completeEnvironment(
  environment: ResolvedEnvironment,
  path: string,
  secret: VaultSecret,
): ResolvedEnvironment {
  const origin: Origin = { kind: 'vault', path, version: secret.version };
  const given = (field: Field) => FIELDS[field].find((name) => isGiven(secret.fields[name]));
  const missing = (['user', 'password'] as const).filter((field) => !given(field));
  if (missing.length > 0) {
    const names = missing.map((field) => `${FIELDS[field][1]} (or ${FIELDS[field][0]})`);
    throw new AccessError('SECRET_MALFORMED', `The secret at ${path} lacks: ${names.join(', ')}.`, {
      environment: environment.name,
      suggestions: [
        'Expected are the fields user, pwd and db, or username, password and database.',
      ],
    });
  }
  const values: Record<string, Resolved<unknown>> = { ...environment.values };
  for (const field of Object.keys(FIELDS) as Field[]) {
    const name = given(field);
    if (!name) continue;
    const wins = field === 'user' || field === 'password';
    const candidate = { value: parse(environment, field, name, secret.fields[name]), origin };
    values[field] = insert(environment.values[field], candidate, wins);
  }
  return { ...environment, values: values as ResolvedEnvironment['values'] };
}

/** Above everything, or right above the default. */
function insert<T>(
  known: Resolved<T> | undefined,
  candidate: Candidate<T>,
  wins: boolean,
): Resolved<T> {
  if (!known) return { ...candidate, overrode: [] };
  const { overrode, ...first } = known;
  const all = [first, ...overrode];
  const place = wins ? 0 : all.findIndex(({ origin }) => origin.kind === 'default');
  all.splice(place < 0 ? all.length : place, 0, candidate as Candidate<T>);
  const [strongest = candidate, ...rest] = all;
  return { ...strongest, overrode: rest };
}

function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function parse(
  environment: ResolvedEnvironment,
  field: Field,
  name: string,
  value: unknown,
): EnvironmentValues[Field] {
  try {
    return VALUE_NAMES[field].parse(String(value));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The field ${name} of the secret of ${environment.name}: ${reason}.`;
    throw new AccessError('SECRET_MALFORMED', message, { environment: environment.name });
  }
}

/** The path in Vault that is read: the write path where there is one, for writing. */
export function secretPath(
  { values }: ResolvedEnvironment,
  mode: 'read-only' | 'read-write',
): string {
  const { readPath, writePath } = values;
  return (mode === 'read-write' && writePath ? writePath : readPath)?.value ?? '';
}

/** @throws AccessError `CREDENTIALS_MISSING` when nobody says where the database is. */
export function requireHost({ name, values }: ResolvedEnvironment): Resolved<string> {
  if (values.host) return values.host;
  throw new AccessError('CREDENTIALS_MISSING', `The host of ${name} isn't known.`, {
    environment: name,
    suggestions:
      name === LOCAL
        ? ['Make it anew: spire local up']
        : [
            `Set it: spire env set DB_HOSTNAME your-database-host -e ${name}`,
            `Or take it from where it runs: spire login -e ${name} --from databricks`,
          ],
  });
}
