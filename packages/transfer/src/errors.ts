/** What can go wrong when data is moved. */
export type TransferErrorCode =
  | 'ARCHIVE_DAMAGED'
  | 'ARCHIVE_FOREIGN'
  | 'ARCHIVE_LOCKED'
  | 'ARCHIVE_PROTECTED'
  | 'COLUMN_UNCLASSIFIED'
  | 'COPY_FAILED'
  | 'COPY_UNEQUAL'
  | 'FILE_UNREADABLE'
  | 'FILE_UNWRITABLE'
  | 'HEADS_DIFFER'
  | 'INVALID_INPUT'
  | 'NOTHING_TO_CANCEL'
  | 'NOTHING_TO_UNDO'
  | 'OUTCOME_UNKNOWN'
  | 'RECIPIENT_INVALID'
  | 'SAME_DATABASE'
  | 'SESSION_DENIED'
  | 'SESSION_GOES_ON'
  | 'SESSION_NOT_FOUND'
  | 'SESSION_REFUSED'
  | 'TABLE_UNREADABLE'
  | 'TABLE_UNSUPPORTED'
  | 'TARGET_DEPENDED_ON'
  | 'TARGET_IN_USE'
  | 'TARGET_NOT_OWNED'
  | 'TARGET_PROTECTED'
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
