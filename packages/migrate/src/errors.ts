/** What can go wrong when a database is migrated. */
export type MigrateErrorCode =
  /**
   * The database has changed since the plan was made, is none to adopt, or has tables that this
   * user may not alter. Nothing was changed. Helps: `spire migrate adopt --dry-run`; or the `alter
   * table ... owner to` that is printed.
   */
  | 'ADOPTION_REFUSED'
  /**
   * Alembic made this database, and Spire has to adopt it before it migrates it. Nothing was
   * changed. Helps: `spire migrate adopt --dry-run` shows what that would do.
   */
  | 'ADOPTION_REQUIRED'
  /**
   * The database says that it is another environment. Nothing was changed. Helps: check the host:
   * `spire env show`.
   */
  | 'ENVIRONMENT_MISMATCH'
  /**
   * A `CREATE INDEX CONCURRENTLY` was interrupted and left an index that Postgres doesn't use.
   * Nothing was changed. Helps: `spire migrate up --drop-invalid-indexes`.
   */
  | 'INDEX_INVALID'
  /**
   * The migrations here and those that the database has recorded don't fit: one was edited, is
   * missing, or came in between. Nothing was changed. Helps: bring the checkout up to date; `spire
   * migrate status` shows which; bookkeeping alone: `spire migrate repair`.
   */
  | 'LEDGER_DIVERGED'
  /**
   * squawk, which reads the migrations, can't run. Helps: install the dependencies again, with
   * optional ones.
   */
  | 'LINTER_FAILED'
  /**
   * A statement waited too long for a lock that others hold. Helps: run it again when they have
   * ended: it goes on where it stopped. `spire db locks` shows who it is.
   */
  | 'MIGRATION_BLOCKED'
  /**
   * A statement of a migration failed. Its own migration is rolled back, or says that it isn't;
   * those before it stay applied. Helps: the message shows the place in the file.
   */
  | 'MIGRATION_FAILED'
  /**
   * A migration can't be taken back, or nobody wrote how. Nothing was changed. Helps: go forward
   * with a new migration: `spire migrate new`.
   */
  | 'MIGRATION_IRREVERSIBLE'
  /**
   * Somebody else is migrating the database. Nothing was changed. Helps: run it again when that
   * has ended.
   */
  | 'MIGRATION_LOCKED'
  /** There is no migration of this name. Helps: `spire migrate status --json` lists them. */
  | 'MIGRATION_UNKNOWN'
  /**
   * The connection was lost while a migration was committed: it is applied as a whole or not at
   * all. Helps: `spire migrate status` says which; or run it again: it goes on where it stopped.
   */
  | 'OUTCOME_UNKNOWN'
  /**
   * The plan that was reviewed isn't what would be done now: database or files have moved. Nothing
   * was changed. Helps: review it again: `spire migrate plan`.
   */
  | 'PLAN_CHANGED'
  /**
   * Nothing is wrong with the bookkeeping of this migration. Helps: `spire migrate repair` lists
   * what is.
   */
  | 'REPAIR_REFUSED'
  /**
   * The shadow database holds something, and its content would be removed. Nothing was changed.
   * Helps: name a database that was made for this.
   */
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
