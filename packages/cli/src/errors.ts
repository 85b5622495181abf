/** What can go wrong on the command line itself. */
export type CliErrorCode =
  | 'CERTIFICATE_INVALID'
  | 'CLOCK_SKEWED'
  | 'CONFIRMATION_REFUSED'
  | 'ADOPTION_IMPOSSIBLE'
  | 'CHECKOUT_REQUIRED'
  | 'GATE_CLOSED'
  | 'HOST_UNKNOWN'
  | 'HOST_UNREACHABLE'
  | 'INPUT_INVALID'
  | 'INPUT_MISSING'
  | 'INPUT_TOO_LARGE'
  | 'INTERRUPTED'
  | 'LOCAL_NOT_INSTALLED'
  | 'LOCAL_NOT_RUNNING'
  | 'MIGRATION_NOT_GENERATED'
  | 'PSQL_MISSING'
  | 'RUNTIME_DIFFERS'
  | 'SERVER_TOO_OLD'
  | 'SHADOW_MISSING'
  | 'SHADOW_UNREACHABLE'
  | 'TLS_FAILED'
  | 'TLS_MISSING'
  | 'TOKEN_NOT_FOUND'
  | 'UNEXPECTED'
  | 'USAGE';

/**
 * The error of this package: a stable `code`, and in `suggestions` what to do next.
 *
 * @example
 * throw new CliError('USAGE', 'Name a workflow.', ['spire workflows get spire_adobe_30']);
 */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly suggestions: readonly string[];

  constructor(code: CliErrorCode, message: string, suggestions: readonly string[] = []) {
    super(message);
    this.name = 'CliError';
    this.code = code;
    this.suggestions = suggestions;
  }
}
