import { type DatabaseCredential, databaseCaFile, type ResolvedEnvironment } from '@spire/access';

/** What a connection string holds besides the target. */
export interface ConnectionUrlParts {
  readonly withPassword: boolean;
  /** Settings of the session, as Postgres takes them: `-c name=value`. */
  readonly options?: string | undefined;
}

/** A connection string as libpq reads it, with the password only when it is asked for. */
export function connectionUrl(
  environment: ResolvedEnvironment,
  credential: DatabaseCredential,
  { withPassword, options }: ConnectionUrlParts,
): string {
  const url = new URL(`postgres://${credential.host}:${credential.port}/`);
  url.pathname = `/${encodeURIComponent(credential.database)}`;
  url.username = encodeURIComponent(credential.user);
  if (withPassword) url.password = encodeURIComponent(credential.password.reveal());
  const caFile = databaseCaFile(credential.environment);
  url.searchParams.set('sslmode', environment.values.tls?.value ?? 'verify-full');
  if (caFile) url.searchParams.set('sslrootcert', caFile);
  if (options) url.searchParams.set('options', options);
  // libpq takes a plus for itself, not for a space.
  return url.href.replaceAll('+', '%20');
}
