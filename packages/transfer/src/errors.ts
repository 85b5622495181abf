/** What can go wrong when data is moved. */
export type TransferErrorCode =
  /**
   * The archive was cut off or altered. Helps: another copy of it, or another backup: `spire db
   * backups`.
   */
  | 'ARCHIVE_DAMAGED'
  /**
   * The file isn't an archive that this Spire knows. Helps: `spire db backups` lists those that
   * are.
   */
  | 'ARCHIVE_FOREIGN'
  /**
   * The archive is encrypted, and the key isn't the one, or there is none. Helps: the passphrase
   * that it was made with, or the `--identity` of a recipient.
   */
  | 'ARCHIVE_LOCKED'
  /**
   * The archive is of a protected environment, and goes into that one alone. Nothing was changed.
   * Helps: bring its rows over masked: `spire db refresh --from NAME`.
   */
  | 'ARCHIVE_PROTECTED'
  /**
   * It isn't declared whether a column may leave its database. Nothing was copied. Helps: classify
   * it in `packages/schema/src/masking/masks.ts`; if no migration made it: `spire migrate drift`.
   */
  | 'COLUMN_UNCLASSIFIED'
  /**
   * The target couldn't be filled. It is as it was. Helps: what Postgres said is in the message;
   * run it again.
   */
  | 'COPY_FAILED'
  /** What arrived isn't what was sent. Nothing was changed. Helps: run it again. */
  | 'COPY_UNEQUAL'
  /** An archive can't be read. Helps: check the path: `spire db backups`. */
  | 'FILE_UNREADABLE'
  /** An archive can't be written, or is there already. Helps: name another file: `--to FILE`. */
  | 'FILE_UNWRITABLE'
  /**
   * Source and target are at different migrations, or at a state that Spire doesn't know. Nothing
   * was changed. Helps: `spire migrate up` on the one behind, or `spire db rebuild`.
   */
  | 'HEADS_DIFFER'
  /** A day isn't one. Nothing was changed. Helps: a day such as 2026-01-31. */
  | 'INVALID_INPUT'
  /**
   * The session runs no statement that could be cancelled. Helps: end it and its transaction:
   * `spire db kill PID --terminate`.
   */
  | 'NOTHING_TO_CANCEL'
  /**
   * There is no transfer to take back, another came after it, or the tables of before no longer
   * fit. Nothing was changed. Helps: `spire db undo` shows which it is; fresh rows: `spire db
   * refresh`.
   */
  | 'NOTHING_TO_UNDO'
  /**
   * The connection was lost while tables were swapped: the target is complete, or as it was.
   * Helps: `spire db undo` says which, and takes it back.
   */
  | 'OUTCOME_UNKNOWN'
  /**
   * A recipient isn't one of age's: they begin with `age1`. Helps: make one: `age-keygen -o
   * identity.txt`.
   */
  | 'RECIPIENT_INVALID'
  /**
   * Source and target lead to one database. Nothing was changed. Helps: see where each leads:
   * `spire env show`.
   */
  | 'SAME_DATABASE'
  /**
   * This user may not end that session. Helps: its own user may, or a member of
   * `pg_signal_backend`.
   */
  | 'SESSION_DENIED'
  /**
   * A session was told to end, and hasn't within the time. Helps: `spire db locks` shows whether
   * it has; of a statement: `spire db kill PID --terminate`.
   */
  | 'SESSION_GOES_ON'
  /** There is no such session, or its statement has ended by itself. Helps: `spire db locks`. */
  | 'SESSION_NOT_FOUND'
  /**
   * The process isn't a session that Spire ends: its own, one of another database, or one of the
   * server. Helps: `spire db locks` shows who waits for whom.
   */
  | 'SESSION_REFUSED'
  /**
   * The user of the source may not read a table. Nothing was changed. Helps: the `grant select`
   * that is printed.
   */
  | 'TABLE_UNREADABLE'
  /**
   * The database has what Spire doesn't copy, such as a partitioned table. Helps: compare it with
   * the migrations: `spire migrate drift`.
   */
  | 'TABLE_UNSUPPORTED'
  /**
   * A view or a function stands on tables that would be replaced. Nothing was changed. Helps: drop
   * it, and make it again afterwards.
   */
  | 'TARGET_DEPENDED_ON'
  /** Others have sessions in the target. Nothing was changed. Helps: `--wait`, or `--terminate`. */
  | 'TARGET_IN_USE'
  /**
   * Tables of the target belong to others, so this user can't replace them. Nothing was changed.
   * Helps: the `alter table ... owner to` that is printed.
   */
  | 'TARGET_NOT_OWNED'
  /**
   * A protected environment is never the target of others' rows, and never emptied. Helps: what
   * was backed up of it can be put back: `spire db restore`.
   */
  | 'TARGET_PROTECTED'
  /**
   * The source has no workflow of such a name. Helps: `spire workflows list` shows them; several
   * have commas between.
   */
  | 'WORKFLOWS_NOT_FOUND';

/**
 * The error of this package: a stable `code`, and in `suggestions` what to do next.
 *
 * @example
 * if (error instanceof TransferError && error.code === 'TARGET_IN_USE') waitAndTryAgain();
 */
export class TransferError extends Error {
  readonly code: TransferErrorCode;
  readonly suggestions: readonly string[];

  constructor(
    code: TransferErrorCode,
    message: string,
    options: { suggestions?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TransferError';
    this.code = code;
    this.suggestions = options.suggestions ?? [];
  }
}
