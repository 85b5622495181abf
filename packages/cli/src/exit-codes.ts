import type { AccessErrorCode } from '@spire/access';
import type { MigrateErrorCode } from '@spire/migrate';
import type { SpireErrorCode } from '@spire/sdk';
import type { ServersErrorCode } from '@spire/servers';
import type { TransferErrorCode } from '@spire/transfer';
import type { CliErrorCode } from './errors.ts';

/** Every code an error of Spire may have. */
export type ErrorCode =
  | AccessErrorCode
  | CliErrorCode
  | MigrateErrorCode
  | ServersErrorCode
  | SpireErrorCode
  | TransferErrorCode;

/** The process' exit codes by what they mean. */
export const EXIT = {
  failed: 1,
  usage: 2,
  refused: 3,
  credentials: 4,
  unreachable: 5,
  pending: 6,
  interrupted: 130,
} as const;

/** The exit code of each error; what isn't here is 1. */
const EXIT_CODES: Partial<Record<ErrorCode, number>> = {
  CONFIG_INSECURE: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  ENVIRONMENT_REQUIRED: EXIT.usage,
  ENVIRONMENT_UNKNOWN: EXIT.usage,
  FILE_UNREADABLE: EXIT.usage,
  FILE_UNWRITABLE: EXIT.usage,
  INPUT_INVALID: EXIT.usage,
  INPUT_MISSING: EXIT.usage,
  INPUT_TOO_LARGE: EXIT.usage,
  INVALID_INPUT: EXIT.usage,
  PRODUCTION_NOT_DEFAULT: EXIT.usage,
  RECIPIENT_INVALID: EXIT.usage,
  RUNTIME_NOT_FOUND: EXIT.usage,
  USAGE: EXIT.usage,
  VALUES_CONFLICT: EXIT.usage,
  CONFIRMATION_REFUSED: EXIT.refused,
  ARCHIVE_PROTECTED: EXIT.refused,
  TARGET_PROTECTED: EXIT.refused,
  AUTHENTICATION_FAILED: EXIT.credentials,
  CREDENTIALS_MISSING: EXIT.credentials,
  LOGIN_FAILED: EXIT.credentials,
  RUNTIME_DENIED: EXIT.credentials,
  RUNTIME_NOT_CONFIGURED: EXIT.credentials,
  RUNTIME_RATE_LIMITED: EXIT.credentials,
  RUNTIME_UNAVAILABLE: EXIT.credentials,
  SECRET_MALFORMED: EXIT.credentials,
  SECRET_NOT_FOUND: EXIT.credentials,
  SHARED_TOKEN_INVALID: EXIT.credentials,
  SHARED_TOKEN_USED: EXIT.credentials,
  TOKEN_NOT_FOUND: EXIT.credentials,
  VAULT_DENIED: EXIT.credentials,
  VAULT_RATE_LIMITED: EXIT.credentials,
  VAULT_SEALED: EXIT.credentials,
  VAULT_STANDBY: EXIT.credentials,
  VAULT_TOKEN_INVALID: EXIT.credentials,
  VAULT_TOKEN_MISSING: EXIT.credentials,
  VAULT_UNAVAILABLE: EXIT.credentials,
  VAULT_UNINITIALIZED: EXIT.credentials,
  ACQUIRE_TIMEOUT: EXIT.unreachable,
  CERTIFICATE_INVALID: EXIT.unreachable,
  CONNECTION_FAILED: EXIT.unreachable,
  CONNECTION_LOST: EXIT.unreachable,
  FAILOVER_IN_PROGRESS: EXIT.unreachable,
  HOST_UNKNOWN: EXIT.unreachable,
  HOST_UNREACHABLE: EXIT.unreachable,
  SHADOW_UNREACHABLE: EXIT.unreachable,
  TLS_FAILED: EXIT.unreachable,
  TLS_MISSING: EXIT.unreachable,
  TLS_UNVERIFIED: EXIT.unreachable,
  INTERRUPTED: EXIT.interrupted,
};

/** The exit code for an error's code. */
export function exitCodeOf(code: string): number {
  return EXIT_CODES[code as ErrorCode] ?? EXIT.failed;
}
