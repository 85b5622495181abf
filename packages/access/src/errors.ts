/** What can go wrong between a person's configuration and a credential. */
export type AccessErrorCode =
  | 'CONFIG_INSECURE'
  | 'CONFIG_INVALID'
  | 'CONFIG_UNWRITABLE'
  | 'CREDENTIALS_MISSING'
  | 'ENVIRONMENT_MISMATCH'
  | 'ENVIRONMENT_REQUIRED'
  | 'ENVIRONMENT_UNKNOWN'
  | 'LOGIN_FAILED'
  | 'PRODUCTION_NOT_DEFAULT'
  | 'RUNTIME_DENIED'
  | 'RUNTIME_NOT_CONFIGURED'
  | 'RUNTIME_NOT_FOUND'
  | 'RUNTIME_RATE_LIMITED'
  | 'RUNTIME_UNAVAILABLE'
  | 'SECRET_MALFORMED'
  | 'SECRET_NOT_FOUND'
  | 'SHARED_TOKEN_INVALID'
  | 'SHARED_TOKEN_USED'
  | 'VALUES_CONFLICT'
  | 'VAULT_DENIED'
  | 'VAULT_RATE_LIMITED'
  | 'VAULT_SEALED'
  | 'VAULT_STANDBY'
  | 'VAULT_TOKEN_INVALID'
  | 'VAULT_TOKEN_MISSING'
  | 'VAULT_UNAVAILABLE'
  | 'VAULT_UNINITIALIZED';

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
