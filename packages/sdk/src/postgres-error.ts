import { SpireDBError, type SpireErrorCode } from './errors.ts';

/** What Postgres said, without the parts that may hold data (`detail`, the query, its parameters). */
export interface PostgresComplaint {
  readonly sqlstate: string;
  readonly message: string;
  readonly constraint: string | undefined;
}

/** Finds Postgres' words in an error or in what caused it; drizzle wraps them. */
export function postgresComplaint(error: unknown): PostgresComplaint | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, severity, constraint } = current as Error & Record<string, unknown>;
    if (typeof code === 'string' && typeof severity === 'string') {
      return {
        sqlstate: code,
        message: current.message,
        constraint: typeof constraint === 'string' ? constraint : undefined,
      };
    }
  }
  return undefined;
}

/** The SQLSTATE of an error, whether it was already turned into one of ours or not. */
export function sqlstateOf(error: unknown): string | undefined {
  return error instanceof SpireDBError ? error.sqlstate : postgresComplaint(error)?.sqlstate;
}

const MEANINGS: Readonly<Record<string, readonly [SpireErrorCode, string, string]>> = {
  '25006': [
    'READ_ONLY',
    'This connection may only read',
    "In code ask for access: 'read-write'; for one statement: spire db query --write",
  ],
  '28000': ['AUTHENTICATION_FAILED', 'Postgres refuses the user', 'Check the credential in Vault.'],
  '28P01': [
    'AUTHENTICATION_FAILED',
    'Postgres refuses the password',
    'Check the credential in Vault.',
  ],
  '3D000': ['CONNECTION_FAILED', "The database doesn't exist", 'Check DB_NAME: spire env show'],
  '42501': [
    'PERMISSION_DENIED',
    "The database user isn't allowed to do this",
    'Ask DevOps for the right.',
  ],
  '42703': [
    'SCHEMA_OUTDATED',
    'The database lacks a column',
    'Bring it up to date: spire migrate up',
  ],
  '42P01': [
    'SCHEMA_OUTDATED',
    'The database lacks a table',
    'Bring it up to date: spire migrate up',
  ],
};

const UNREACHABLE = /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE)/;
/** OpenSSL's and Node's words for a server that isn't who it should be. */
const UNTRUSTED = /CERT|^UNABLE_TO_|^SELF_SIGNED|^ERR_(TLS|SSL)/;

/**
 * Turns whatever a driver throws into the error of this package. What already is one stays.
 *
 * @param environment the name of the environment that was asked.
 */
export function toSpireError(error: unknown, environment: string): unknown {
  if (error instanceof SpireDBError) return error;
  const complaint = postgresComplaint(error);
  if (complaint) {
    const { sqlstate } = complaint;
    const [code, words, remedy] = MEANINGS[sqlstate] ?? [
      meaningOfClass(sqlstate),
      'Postgres refuses',
      '',
    ];
    return new SpireDBError(
      code,
      `${words} in ${environment}: ${complaint.message} (${sqlstate})`,
      {
        environment,
        sqlstate,
        suggestions: remedy ? [remedy] : [],
      },
    );
  }
  const reason = networkReason(error);
  if (!reason) return error;
  const message = `Postgres of ${environment} can't be reached (${reason}).`;
  const suggestions = UNTRUSTED.test(reason)
    ? ['Its certificate is not vouched for: check DB_HOSTNAME and DB_CA_FILE with spire env show']
    : ['Check the host and the network: spire status'];
  if (environment === 'local') suggestions.unshift('Start it: spire local up');
  return new SpireDBError('CONNECTION_FAILED', message, { environment, suggestions });
}

function meaningOfClass(sqlstate: string): SpireErrorCode {
  if (sqlstate.startsWith('08') || sqlstate.startsWith('57P')) return 'CONNECTION_FAILED';
  return sqlstate.startsWith('23') ? 'CONSTRAINT_VIOLATED' : 'QUERY_FAILED';
}

function networkReason(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = (current as NodeJS.ErrnoException).code;
    if (code && (UNREACHABLE.test(code) || UNTRUSTED.test(code))) return code;
    if (/timeout|terminated|does not support SSL/i.test(current.message)) return current.message;
    const inner = (current as AggregateError).errors?.[0] as NodeJS.ErrnoException | undefined;
    if (inner?.code) return inner.code;
  }
  return undefined;
}
