import { AccessError } from '@spire/access';
import { SpireDBError, type SpireErrorCode } from './errors.ts';

/** What Postgres said, without the parts that may hold data (`detail`, the query, its parameters). */
export interface PostgresComplaint {
  readonly sqlstate: string;
  readonly message: string;
  readonly constraint: string | undefined;
}

/** What Postgres says of a statement, and of a value such as a query for a text or the name of a table. */
const QUOTING: ReadonlySet<string> = new Set([
  '3F000',
  '42601',
  '42602',
  '42704',
  '42883',
  '42P01',
]);

/** Finds Postgres' words in an error or in what caused it; drizzle wraps them. */
export function postgresComplaint(error: unknown): PostgresComplaint | undefined {
  if (error instanceof SpireDBError) {
    const { sqlstate, constraint, message } = error;
    return sqlstate === undefined ? undefined : { sqlstate, constraint, message };
  }
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, severity, constraint, position } = current as Error & Record<string, unknown>;
    if (typeof code === 'string' && typeof severity === 'string') {
      return {
        sqlstate: code,
        // Of a value that it can't read, Postgres shows the value; of a statement it says where in it.
        message:
          code.startsWith('22') || (QUOTING.has(code) && position === undefined)
            ? current.message.replace(/"[\s\S]*"/, '"[redacted]"')
            : current.message,
        constraint: typeof constraint === 'string' ? constraint : undefined,
      };
    }
  }
  return undefined;
}

/** A meaning: its code, the words that begin its message, and what to do. */
type Meaning = readonly [SpireErrorCode, string, string];

const REFUSED: Meaning = ['QUERY_FAILED', 'Postgres refuses', ''];

/** What to do when Postgres refuses a user or a password. */
export const CHECK_CREDENTIAL =
  "See which user and password were used: spire env show --vault. Let Vault's and Postgres' be made equal.";

const MEANINGS: Readonly<Record<string, Meaning>> = {
  // Such as more parameters than a statement may have: the connection goes on.
  '08P01': REFUSED,
  '25006': [
    'READ_ONLY',
    'This connection may only read',
    "In code ask for access: 'read-write'; for one statement: spire db query --write",
  ],
  '28000': ['AUTHENTICATION_FAILED', 'Postgres refuses the user', CHECK_CREDENTIAL],
  '28P01': ['AUTHENTICATION_FAILED', 'Postgres refuses the password', CHECK_CREDENTIAL],
  '3D000': ['CONNECTION_FAILED', "The database doesn't exist", 'Check DB_NAME: spire env show'],
  '40001': ['TRANSACTION_CONFLICT', 'Others wrote the same rows', 'Run it again.'],
  '40P01': ['TRANSACTION_CONFLICT', 'Postgres broke off a deadlock', 'Run it again.'],
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
  '53300': [
    'CONNECTION_FAILED',
    'Postgres takes no more connections',
    'See who holds them, or ask for fewer: pool: {max}',
  ],
  '57014': [
    'QUERY_TIMEOUT',
    'A statement took too long',
    'Give it more time (pool: {statementMillis}), or less to do.',
  ],
};

const LOST: Meaning = [
  'CONNECTION_LOST',
  'The connection was ended',
  'Whether a write has happened is unknown: look before you do it again.',
];
const VIOLATED: Meaning = ['CONSTRAINT_VIOLATED', 'Postgres refuses', ''];

function meaningOf(sqlstate: string): Meaning {
  const known = MEANINGS[sqlstate];
  if (known) return known;
  if (sqlstate.startsWith('08') || sqlstate.startsWith('57P')) return LOST;
  return sqlstate.startsWith('23') ? VIOLATED : REFUSED;
}

/** The codes of a broken connection, and the words of pg for one. */
const BROKEN = /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE)/;
const BROKEN_WORDS: ReadonlySet<string> = new Set([
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Connection terminated',
  'Connection terminated due to connection timeout',
  'Connection terminated unexpectedly',
  'The server does not support SSL connections',
  'There was an error establishing an SSL connection',
  'timeout expired',
]);
/** OpenSSL's and Node's words for a server that isn't who it should be. */
const UNTRUSTED = /CERT|^UNABLE_TO_|^SELF_SIGNED|^ERR_(TLS|SSL)/;

/**
 * Turns whatever a driver throws into the error of this package. What already is one stays, and so does
 * what is no driver's. Nothing of the query, its parameters or its rows is kept.
 *
 * @param environment the name of the environment that was asked.
 */
export function toSpireError(error: unknown, environment: string): unknown {
  if (error instanceof SpireDBError) return error;
  const complaint = postgresComplaint(error);
  if (complaint) return complaintError(complaint, environment);
  const reason = brokenConnection(error);
  if (reason === undefined) return error;
  const message = `The connection to ${environment} was lost (${reason}).`;
  return new SpireDBError('CONNECTION_LOST', message, { environment, suggestions: [LOST[2]] });
}

/** As {@link toSpireError}, for what went wrong before there was a connection. */
export function toConnectError(error: unknown, environment: string): unknown {
  if (error instanceof SpireDBError || error instanceof AccessError) return error;
  const complaint = postgresComplaint(error);
  const known = complaint && complaintError(complaint, environment);
  if (known && known.code !== 'CONNECTION_LOST') return known;
  const reason = complaint
    ? `${complaint.message}, ${complaint.sqlstate}`
    : brokenConnection(error);
  if (reason === undefined) return error;
  const start = environment === 'local' ? ['Start it: spire local up'] : [];
  if (UNTRUSTED.test(reason) || /SSL/.test(reason)) {
    const message = `Postgres of ${environment} can't be trusted (${reason}): no password was sent.`;
    const suggestion = reason.includes('ALTNAME')
      ? 'Its certificate is of another host name: check DB_HOSTNAME with spire env show'
      : 'Its certificate is not vouched for: check DB_HOSTNAME and DB_CA_FILE with spire env show';
    return new SpireDBError('TLS_UNVERIFIED', message, { environment, suggestions: [suggestion] });
  }
  return new SpireDBError(
    'CONNECTION_FAILED',
    `Postgres of ${environment} can't be reached (${reason}).`,
    { environment, suggestions: [...start, 'Check the host and the network: spire status'] },
  );
}

function complaintError(complaint: PostgresComplaint, environment: string): SpireDBError {
  const { sqlstate, constraint, message } = complaint;
  // Of a statement that somebody else broke off Postgres says no more than in words.
  const isCancelled = sqlstate === '57014' && message.includes('user request');
  const [code, words, remedy] = isCancelled ? REFUSED : meaningOf(sqlstate);
  return new SpireDBError(code, `${words} in ${environment}: ${message} (${sqlstate})`, {
    environment,
    sqlstate,
    constraint,
    suggestions: remedy ? [remedy] : [],
  });
}

/** Why a connection is broken, in few words; undefined when it isn't that. */
function brokenConnection(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = (current as NodeJS.ErrnoException).code;
    if (code && (BROKEN.test(code) || UNTRUSTED.test(code))) return code;
    if (BROKEN_WORDS.has(current.message)) return current.message;
    const inner = (current as AggregateError).errors?.[0] as NodeJS.ErrnoException | undefined;
    if (inner?.code) return inner.code;
  }
  return undefined;
}
