/** What can go wrong between a person's configuration and a credential. */
export type AccessErrorCode =
  | 'CONFIG_INSECURE'
  | 'CONFIG_INVALID'
  | 'CONFIG_UNWRITABLE'
  | 'CREDENTIALS_MISSING'
  | 'ENVIRONMENT_REQUIRED'
  | 'ENVIRONMENT_UNKNOWN'
  | 'PRODUCTION_NOT_DEFAULT'
  | 'SECRET_MALFORMED'
  | 'SECRET_NOT_FOUND'
  | 'VALUES_CONFLICT'
  | 'VAULT_DENIED'
  | 'VAULT_RATE_LIMITED'
  | 'VAULT_SEALED'
  | 'VAULT_TOKEN_MISSING'
  | 'VAULT_UNAVAILABLE';

/**
 * The error of this package. `code` is stable, `environment` says which one was concerned, and
 * `suggestions` what to do next. No message holds a secret.
 *
 * @example
 * if (error instanceof AccessError && error.code === 'VAULT_UNAVAILABLE') retryLater();
 */
export class AccessError extends Error {
  readonly code: AccessErrorCode;
  readonly environment: string | undefined;
  readonly suggestions: readonly string[];

  constructor(
    code: AccessErrorCode,
    message: string,
    options: { environment?: string; suggestions?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AccessError';
    this.code = code;
    this.environment = options.environment;
    this.suggestions = options.suggestions ?? [];
  }
}
