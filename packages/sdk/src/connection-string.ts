import type { DatabaseCredential } from '@spire/access';

/**
 * A credential as `postgres://...`.
 *
 * @param reveal whether the password is shown; otherwise `[redacted]` stands in its place.
 */
export function connectionStringOf(credential: DatabaseCredential, reveal: boolean): string {
  const { user, host, port, database, environment } = credential;
  const password = reveal ? encodeURIComponent(credential.password.reveal()) : '[redacted]';
  const mode = environment.values.tls?.value ?? 'verify-full';
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return `postgres://${encodeURIComponent(user)}:${password}@${place}/${encodeURIComponent(database)}?sslmode=${mode}`;
}
