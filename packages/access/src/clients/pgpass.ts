import type { Secret } from '../secret.ts';
import { type ClientConnection, requireOneLine } from './client-connection.ts';

/**
 * A line of a password file as libpq reads it (`pgpass`), with the password in it.
 *
 * @throws AccessError `CONFIG_INVALID` when the password has more than one line.
 * @example
 * pgpassLine(connection, password); // 'db.example.com:5432:spire_db:ann:p\\:w'
 */
export function pgpassLine(
  { environment, host, port, database, user }: ClientConnection,
  password: Secret,
): string {
  requireOneLine(password.reveal(), 'password', environment);
  return [host, String(port), database, user, password.reveal()].map(escaped).join(':');
}

function escaped(field: string): string {
  return field.replace(/[\\:]/g, '\\$&');
}
