/** What can go wrong between a service and its data. */
export type SpireErrorCode =
  | 'ACQUIRE_TIMEOUT'
  | 'AUTHENTICATION_FAILED'
  | 'CONNECTION_FAILED'
  | 'CONNECTION_LOST'
  | 'CONNECTOR_CLOSED'
  | 'CONSTRAINT_VIOLATED'
  | 'ENVIRONMENT_MISMATCH'
  | 'ENVIRONMENT_UNCLAIMED'
  | 'FAILOVER_IN_PROGRESS'
  | 'INVALID_INPUT'
  | 'JOB_CONFIG_EXISTS'
  | 'JOB_CONFIG_IN_USE'
  | 'JOB_CONFIG_NOT_FOUND'
  | 'OUTCOME_UNKNOWN'
  | 'PERMISSION_DENIED'
  | 'QUERY_FAILED'
  | 'QUERY_TIMEOUT'
  | 'READ_ONLY'
  | 'RUN_MISMATCH'
  | 'SCHEMA_OUTDATED'
  | 'TLS_UNVERIFIED'
  | 'TRAIT_TAKEN'
  | 'TRANSACTION_ABORTED'
  | 'TRANSACTION_CONFLICT'
  | 'TRANSACTION_ENDED'
  | 'WORKFLOW_EXISTS'
  | 'WORKFLOW_NOT_FOUND';

/** What belongs to a {@link SpireDBError} besides its code and message. */
export interface SpireDBErrorDetails {
  readonly environment?: string | undefined;
  readonly suggestions?: readonly string[];
  /** Postgres' SQLSTATE, when it said something. */
  readonly sqlstate?: string | undefined;
  /** The constraint that was violated. */
  readonly constraint?: string | undefined;
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
  readonly code: SpireErrorCode;
  readonly environment: string | undefined;
  readonly sqlstate: string | undefined;
  readonly constraint: string | undefined;
  /** Whether nothing has happened, and the same call may succeed later. */
  readonly retryable: boolean;
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
