import { join, resolve } from 'node:path';
import { configDirectory, pgpassLine, pgServiceFile, serviceName } from '@spire/access';
import { type GuiEnvironment, readGuiEnvironments } from './gui-environments.ts';
import { writeOwnFile } from './write-own-file.ts';

/** The file with the passwords, in Spire's directory. */
export function passfilePath(variables: NodeJS.ProcessEnv): string {
  return join(resolve(configDirectory(variables)), 'pgpass');
}

/** Writes the passwords, where libpq takes them from. */
export function writePassfile(file: string, environments: readonly GuiEnvironment[]): void {
  const lines = environments.map(({ connection, password }) => pgpassLine(connection, password));
  writeOwnFile(file, ['# Written by spire gui. Changes here are lost.', ...lines, ''].join('\n'));
}

/**
 * Writes what psql, and every program that is made of libpq, needs: a service for each environment, and
 * their passwords.
 *
 * @param named only these environments; default: all that are configured.
 */
export async function writePsqlFiles(
  variables: NodeJS.ProcessEnv,
  named: readonly string[] | undefined,
) {
  const { environments, leftOut } = await readGuiEnvironments(variables, named);
  const connections = environments.map(({ connection }) => connection);
  const passfile = passfilePath(variables);
  const serviceFile = join(resolve(configDirectory(variables)), 'pg_service.conf');
  writePassfile(passfile, environments);
  writeOwnFile(serviceFile, pgServiceFile(connections, passfile));
  const services = connections.map(({ environment, host, port, database, user, readOnly }) => ({
    service: serviceName(environment),
    ...{ environment, host, port, database, user, readOnly },
  }));
  return { serviceFile, passfile, services, leftOut };
}
