/** What can go wrong between a service and its data. */
export type SpireErrorCode =
  | 'AUTHENTICATION_FAILED'
  | 'CONNECTION_FAILED'
  | 'CONNECTOR_CLOSED'
  | 'CONSTRAINT_VIOLATED'
  | 'ENVIRONMENT_MISMATCH'
  | 'ENVIRONMENT_UNCLAIMED'
  | 'INVALID_INPUT'
  | 'JOB_CONFIG_EXISTS'
  | 'JOB_CONFIG_IN_USE'
  | 'JOB_CONFIG_NOT_FOUND'
  | 'OUTCOME_UNKNOWN'
  | 'PERMISSION_DENIED'
  | 'QUERY_FAILED'
  | 'READ_ONLY'
  | 'RUN_MISMATCH'
  | 'SCHEMA_OUTDATED'
  | 'TRAIT_TAKEN'
  | 'WORKFLOW_EXISTS'
  | 'WORKFLOW_NOT_FOUND';

/** What belongs to a {@link SpireDBError} besides its code and message. */
export interface SpireDBErrorDetails {
  readonly environment?: string | undefined;
  readonly suggestions?: readonly string[];
  /** Postgres' SQLSTATE, when it said something. */
  readonly sqlstate?: string | undefined;
  readonly cause?: unknown;
}

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
  readonly suggestions: readonly string[];

  constructor(code: SpireErrorCode, message: string, details: SpireDBErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SpireDBError';
    this.code = code;
    this.environment = details.environment;
    this.sqlstate = details.sqlstate;
    this.suggestions = details.suggestions ?? [];
  }
}
