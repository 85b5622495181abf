import { type ClientConnection, CONNECT_SECONDS, READ_ONLY_OPTIONS } from './client-connection.ts';

/** The name of an environment's service, such as `spire-staging`. */
export function serviceName(environment: string): string {
  // A bracket would end the section's name.
  return `spire-${environment.replace(/[\][\s]/g, '-')}`;
}

/**
 * A file of services as libpq reads it (`pg_service.conf`), one for each connection.
 *
 * @param passfile where the passwords are.
 * @example
 * pgServiceFile([connection], '/home/ann/.spire/pgpass'); // psql service=spire-staging
 */
export function pgServiceFile(connections: readonly ClientConnection[], passfile: string): string {
  const sections = connections.map((connection) => {
    const { environment, host, port, database, user, tls, caFile, readOnly } = connection;
    // Values stand as they are: libpq knows no quotes here.
    return [
      `[${serviceName(environment)}]`,
      `host=${host}`,
      `port=${port}`,
      `dbname=${database}`,
      `user=${user}`,
      `passfile=${passfile}`,
      `sslmode=${tls}`,
      ...(caFile ? [`sslrootcert=${caFile}`] : []),
      `connect_timeout=${CONNECT_SECONDS}`,
      ...(readOnly ? [`options=${READ_ONLY_OPTIONS}`] : []),
    ].join('\n');
  });
  return `# Written by spire gui psql. Changes here are lost.\n\n${sections.join('\n\n')}\n`;
}
