/** What can go wrong with a server that Spire starts. */
export type ServersErrorCode =
  /**
   * The npm package that brings Postgres along isn't installed; it exists for Linux and macOS, x64
   * and arm64. Helps: install with optional dependencies.
   */
  | 'BINARIES_MISSING'
  /**
   * What is in the data directory was made by another version of PostgreSQL, or isn't a Vault's.
   * Nothing in it was touched. Helps: move it away to start with an empty one.
   */
  | 'DATA_DIRECTORY_INCOMPATIBLE'
  /** The data directory can't be written. Helps: give yourself write permission. */
  | 'DATA_DIRECTORY_UNWRITABLE'
  /**
   * Another program listens on the port. Helps: end it, or choose another port: `spire local up
   * --postgres-port N`.
   */
  | 'PORT_IN_USE'
  /**
   * Postgres or Vault didn't start, or wasn't ready in time. Helps: read the log that is named;
   * free space on the disk; try again when another start has ended.
   */
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
