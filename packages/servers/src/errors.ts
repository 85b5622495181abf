/** What can go wrong with a server that Spire starts. */
export type ServersErrorCode =
  | 'BINARIES_MISSING'
  | 'DATA_DIRECTORY_INCOMPATIBLE'
  | 'DATA_DIRECTORY_UNWRITABLE'
  | 'PORT_IN_USE'
  | 'SERVER_START_FAILED';

/**
 * The error of this package: a stable `code`, and in `suggestions` what to do next.
 *
 * @example
 * throw new ServersError('PORT_IN_USE', 'Port 5432 is in use.', {suggestions: ['Choose another.']});
 */
export class ServersError extends Error {
  readonly code: ServersErrorCode;
  readonly suggestions: readonly string[];

  constructor(
    code: ServersErrorCode,
    message: string,
    options: { suggestions?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ServersError';
    this.code = code;
    this.suggestions = options.suggestions ?? [];
  }
}
