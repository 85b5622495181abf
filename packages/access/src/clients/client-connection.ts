import { databaseCaFile } from '../ca-file.ts';
import type { DatabaseCredential } from '../database-credential.ts';
import type { TlsMode } from '../environment.ts';
import { AccessError } from '../errors.ts';

/** What another program has to know to connect to an environment's database; no secret is in it. */
export interface ClientConnection {
  /** The environment's name. */
  readonly environment: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: TlsMode;
  /** Certificates to trust, a file in PEM form; undefined where nothing is encrypted. */
  readonly caFile: string | undefined;
  /** Whether sessions begin as read-only, which they do in a protected environment. */
  readonly readOnly: boolean;
}

/** How long a client may take to connect, in seconds. */
export const CONNECT_SECONDS = 10;

/** What makes Postgres refuse writes of a session that doesn't ask for them. */
export const READ_ONLY_OPTIONS = '-c default_transaction_read_only=on';

/**
 * The connection that a credential is for.
 *
 * @param systemCaFile the certificates that this system trusts, as a file: libpq has none of its own.
 * @throws AccessError `CONFIG_INVALID` when a value has more than one line, as no client file can hold.
 */
export function clientConnection(
  { environment, host, port, database, user }: DatabaseCredential,
  systemCaFile: string,
): ClientConnection {
  const tls = environment.values.tls?.value ?? 'verify-full';
  const caFile = tls === 'disable' ? undefined : (databaseCaFile(environment) ?? systemCaFile);
  const connection = {
    environment: environment.name,
    host,
    port,
    database,
    user,
    tls,
    caFile,
    readOnly: environment.protected,
  };
  for (const [name, value] of Object.entries(connection)) {
    if (typeof value === 'string') requireOneLine(value, name, environment.name);
  }
  return connection;
}

/** @throws AccessError `CONFIG_INVALID`: what stands on a second line would be a setting of its own. */
export function requireOneLine(value: string, name: string, environment: string): void {
  if (!/[\r\n\0]/.test(value)) return;
  const message = `The ${name} of ${environment} has more than one line.`;
  throw new AccessError('CONFIG_INVALID', message, { environment });
}
