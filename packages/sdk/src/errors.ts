/** What can go wrong between a service and its data. */
export type SpireErrorCode =
  /**
   * No connection became free in time. Nothing has happened. Helps: look for what holds
   * connections for long, or `pool: { max }`.
   */
  | 'ACQUIRE_TIMEOUT'
  /**
   * Postgres refuses user or password, and Vault has no other. Helps: correct the secret in Vault;
   * a connector finds that by itself.
   */
  | 'AUTHENTICATION_FAILED'
  /**
   * No connection could be made: Postgres doesn't answer, takes no more, or has no such database.
   * Helps: `spire doctor`; `DB_HOSTNAME`, `DB_PORT`, `DB_NAME`. Of `local`: `spire local up`.
   */
  | 'CONNECTION_FAILED'
  /**
   * A connection broke while a statement ran. Of a write it is unknown whether it has happened.
   * Helps: look before you do it again.
   */
  | 'CONNECTION_LOST'
  /** The connector was closed already. Helps: open another, or close this one later. */
  | 'CONNECTOR_CLOSED'
  /** Postgres refuses a row by a constraint, which the error names. Helps: correct the row. */
  | 'CONSTRAINT_VIOLATED'
  /**
   * The database says that it is another environment. Nothing was run. Helps: check the host:
   * `spire env show`. If it is a copy: `spire db claim`.
   */
  | 'ENVIRONMENT_MISMATCH'
  /**
   * The database doesn't say which environment it is, so this one may only be read. Helps: its
   * first migration claims it: `spire migrate up`.
   */
  | 'ENVIRONMENT_UNCLAIMED'
  /**
   * A standby answers where a writer was asked for. Nothing has happened. Helps: try again in a
   * few seconds; if it stays so, `DB_HOSTNAME` names a replica.
   */
  | 'FAILOVER_IN_PROGRESS'
  /**
   * A field, a limit, an id or a day isn't what it has to be. Nothing was written. Helps: the
   * message names each field, and what was expected.
   */
  | 'INVALID_INPUT'
  /**
   * There is a job config of this name already. Helps: another name, or `spire job-configs
   * update`.
   */
  | 'JOB_CONFIG_EXISTS'
  /**
   * Workflows use this job config, so it isn't deleted. Helps: give those workflows another one
   * first: `spire workflows update`.
   */
  | 'JOB_CONFIG_IN_USE'
  /** There is no job config of this name. Helps: `spire job-configs list`. */
  | 'JOB_CONFIG_NOT_FOUND'
  /**
   * The connection was lost while a transaction was committed: it may have happened. Helps: look
   * before you do it again.
   */
  | 'OUTCOME_UNKNOWN'
  /**
   * The database user lacks a right. Helps: ask DevOps for it; `spire doctor` prints the grants
   * that are missing.
   */
  | 'PERMISSION_DENIED'
  /** Postgres refuses a statement. Helps: the message is Postgres' own; `sqlstate` says which. */
  | 'QUERY_FAILED'
  /**
   * A statement took longer than its limit, or no answer came. In the second case a write may have
   * happened. Helps: give it more time (`pool: { statementMillis, queryMillis }`), or less to do.
   */
  | 'QUERY_TIMEOUT'
  /**
   * The connection may only read. Helps: in code `access: 'read-write'`; on the command line
   * `spire db query --write`.
   */
  | 'READ_ONLY'
  /**
   * The run of this id is of another workflow, stage or day. Nothing was written. Helps: look it
   * up: `spire history list`.
   */
  | 'RUN_MISMATCH'
  /** The database lacks a table or a column. Helps: `spire migrate up`. */
  | 'SCHEMA_OUTDATED'
  /**
   * The server can't prove that it is the one that was asked for. No password was sent. Helps:
   * `DB_HOSTNAME` and `DB_CA_FILE`, with `spire env show`.
   */
  | 'TLS_UNVERIFIED'
  /**
   * Another workflow has this trait. Nothing was written. Helps: see which: `spire workflows get
   * --trait N`.
   */
  | 'TRAIT_TAKEN'
  /**
   * A statement of the transaction had failed, and its error was swallowed. It was rolled back.
   * Helps: let the error of that statement through.
   */
  | 'TRANSACTION_ABORTED'
  /**
   * Others wrote the same rows, through all attempts. Nothing has happened. Helps: run it again.
   */
  | 'TRANSACTION_CONFLICT'
  /**
   * Something was asked of a transaction that is over. Helps: await what runs in it, and use the
   * connector itself afterwards.
   */
  | 'TRANSACTION_ENDED'
  /**
   * There is a workflow of this name already. Nothing was written. Helps: `spire workflows
   * update`.
   */
  | 'WORKFLOW_EXISTS'
  /** There is no workflow of this name, id or trait. Helps: `spire workflows list`. */
  | 'WORKFLOW_NOT_FOUND';

/** What belongs to a {@link SpireDBError} besides its code and message. */
export interface SpireDBErrorDetails {
  /** The environment that is concerned. */
  readonly environment?: string | undefined;
  /** What to do next. */
  readonly suggestions?: readonly string[];
  /** Postgres' SQLSTATE, when it said something. */
  readonly sqlstate?: string | undefined;
  /** The constraint that was violated. */
  readonly constraint?: string | undefined;
  /** What it comes from. */
  readonly cause?: unknown;
}

/** Those of which nothing has happened, so that the same call may be made again. */
const RETRYABLE: ReadonlySet<SpireErrorCode> = new Set([
  'ACQUIRE_TIMEOUT',
  'CONNECTION_FAILED',
  'FAILOVER_IN_PROGRESS',
  'TRANSACTION_CONFLICT',
]);

/**
 * The error of this package. `code` is stable, `suggestions` say what to do next. Neither message nor
 * cause holds a query's parameters or a secret.
 *
 * @example
 * if (error instanceof SpireDBError && error.code === 'WORKFLOW_NOT_FOUND') return undefined;
 */
export class SpireDBError extends Error {
  /** What happened, for programs; it stays. */
  readonly code: SpireErrorCode;
  /** The environment that was concerned. */
  readonly environment: string | undefined;
  /** Postgres' SQLSTATE, when it said something. */
  readonly sqlstate: string | undefined;
  /** The constraint that was violated. */
  readonly constraint: string | undefined;
  /** Whether nothing has happened, and the same call may succeed later. */
  readonly retryable: boolean;
  /** What to do next. */
  readonly suggestions: readonly string[];

  constructor(code: SpireErrorCode, message: string, details: SpireDBErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SpireDBError';
    this.code = code;
    this.environment = details.environment;
    this.sqlstate = details.sqlstate;
    this.constraint = details.constraint;
    this.retryable = RETRYABLE.has(code);
    this.suggestions = details.suggestions ?? [];
  }

  /** What may go into a log as it is. */
  toJSON(): object {
    const { name, code, message, environment, sqlstate, constraint, retryable, suggestions } = this;
    return { name, code, message, environment, sqlstate, constraint, retryable, suggestions };
  }
}
