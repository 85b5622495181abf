import type { DatabaseCredential, ResolvedEnvironment } from '@spire/access';

/** A connection string as libpq reads it, with the password only when it is asked for. */
export function connectionUrl(
  environment: ResolvedEnvironment,
  credential: DatabaseCredential,
  withPassword: boolean,
): string {
  const url = new URL(`postgres://${credential.host}:${credential.port}/`);
  url.pathname = `/${encodeURIComponent(credential.database)}`;
  url.username = encodeURIComponent(credential.user);
  if (withPassword) url.password = encodeURIComponent(credential.password.reveal());
  const { tls, caFile } = environment.values;
  url.searchParams.set('sslmode', tls?.value ?? 'verify-full');
  if (caFile) url.searchParams.set('sslrootcert', caFile.value);
  return url.href;
}
