import type { Origin, ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import { Secret } from './secret.ts';
import { VALUE_NAMES } from './value-names.ts';
import { connectVault } from './vault.ts';

/** Everything a driver needs to connect, from one source. */
export interface DatabaseCredential {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: Secret;
  readonly origin: Origin;
  /** Changes when the password does. */
  readonly version: string;
}

/** Which of the two paths in Vault is read. */
export type AccessMode = 'read-only' | 'read-write';

/**
 * Fetches the credential of an environment: from Vault, or from `DB_USER` and `DB_PASSWORD` when no
 * Vault is configured or it can't be reached; never after Vault has said no.
 *
 * @param timeoutMillis how long one answer of Vault may take; default 5,000.
 * @throws AccessError those of `connectVault`; `SECRET_MALFORMED` (a field is missing, or can't be one);
 * `CREDENTIALS_MISSING` (neither source has one, or the host is unknown).
 * @example
 * const credential = await fetchCredential(environment, 'read-only');
 */
export async function fetchCredential(
  environment: ResolvedEnvironment,
  mode: AccessMode = 'read-only',
  timeoutMillis?: number,
): Promise<DatabaseCredential> {
  const { vaultAddress, user, password } = environment.values;
  const own = user && password ? { user, password } : undefined;
  if (own && !vaultAddress) return fromValues(environment, own);
  try {
    return await fromVault(environment, mode, timeoutMillis);
  } catch (error) {
    const unreachable = error instanceof AccessError && error.code === 'VAULT_UNAVAILABLE';
    if (own && unreachable) return fromValues(environment, own);
    throw error;
  }
}

type OwnValues = Required<Pick<ResolvedEnvironment['values'], 'user' | 'password'>>;

function fromValues(environment: ResolvedEnvironment, own: OwnValues): DatabaseCredential {
  return {
    ...target(environment, {}),
    user: own.user.value,
    password: own.password.value,
    origin: own.password.origin,
    version: '0',
  };
}

async function fromVault(
  environment: ResolvedEnvironment,
  mode: AccessMode,
  timeoutMillis: number | undefined,
): Promise<DatabaseCredential> {
  const { readPath, writePath } = environment.values;
  const path = (mode === 'read-write' && writePath ? writePath : readPath)?.value ?? '';
  const secret = await (await connectVault(environment, timeoutMillis)).readSecret(path);
  const fields = secret.fields;
  const user = [fields.username, fields.user].find(isText);
  const password = [fields.password, fields.pwd].find(isText);
  if (!user || !password) {
    const missing = [
      ...(user ? [] : ['user (or username)']),
      ...(password ? [] : ['pwd (or password)']),
    ];
    throw new AccessError(
      'SECRET_MALFORMED',
      `The secret at ${path} lacks: ${missing.join(', ')}.`,
      {
        environment: environment.name,
        suggestions: [
          'Expected are the fields user, pwd and db, or username, password and database.',
        ],
      },
    );
  }
  return {
    ...target(environment, fields),
    user,
    password: new Secret(password),
    origin: { kind: 'vault', path, version: secret.version },
    version: secret.version,
  };
}

/** A secret's host, port and database stand between the config file and the defaults. */
function target(environment: ResolvedEnvironment, fields: Readonly<Record<string, unknown>>) {
  const stronger = <Key extends 'host' | 'port' | 'database'>(key: Key, ...names: string[]) => {
    const resolved = environment.values[key];
    const name = names.find((one) => isText(fields[one]) || typeof fields[one] === 'number');
    if (!name || (resolved && resolved.origin.kind !== 'default')) return resolved?.value;
    try {
      return VALUE_NAMES[key].parse(String(fields[name]));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `The field ${name} of the secret of ${environment.name}: ${reason}.`;
      throw new AccessError('SECRET_MALFORMED', message, { environment: environment.name });
    }
  };
  const host = stronger('host', 'host');
  if (!host) {
    throw new AccessError('CREDENTIALS_MISSING', `The host of ${environment.name} isn't known.`, {
      environment: environment.name,
      suggestions: [`Set DB_HOSTNAME for ${environment.name} in the config file.`],
    });
  }
  return {
    host,
    port: stronger('port', 'port') ?? 5432,
    database: stronger('database', 'database', 'db') ?? 'spire_db',
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
