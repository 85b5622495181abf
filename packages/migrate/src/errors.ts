/** What can go wrong when a database is migrated. */
export type MigrateErrorCode =
  | 'ADOPTION_REFUSED'
  | 'ADOPTION_REQUIRED'
  | 'ENVIRONMENT_MISMATCH'
  | 'INDEX_INVALID'
  | 'LEDGER_DIVERGED'
  | 'LINTER_FAILED'
  | 'MIGRATION_BLOCKED'
  | 'MIGRATION_FAILED'
  | 'MIGRATION_IRREVERSIBLE'
  | 'MIGRATION_LOCKED'
  | 'MIGRATION_UNKNOWN'
  | 'OUTCOME_UNKNOWN'
  | 'PLAN_CHANGED'
  | 'REPAIR_REFUSED'
  | 'SHADOW_NOT_EMPTY';

/**
 * The error of this package: a stable `code`, and in `suggestions` what to do next.
 *
 * @example
 * if (error instanceof MigrateError && error.code === 'MIGRATION_LOCKED') waitAndTryAgain();
 */
export class MigrateError extends Error {
  readonly code: MigrateErrorCode;
  readonly suggestions: readonly string[];

  constructor(
    code: MigrateErrorCode,
    message: string,
    options: { suggestions?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MigrateError';
    this.code = code;
    this.suggestions = options.suggestions ?? [];
  }
}
