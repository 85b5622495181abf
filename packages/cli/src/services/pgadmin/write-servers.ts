import { join, resolve } from 'node:path';
import {
  configDirectory,
  type PasswordSource,
  type PgAdminServers,
  passwordCommandLine,
  pgAdminServers,
} from '@spire/access';
import { readGuiEnvironments } from '../gui-environments.ts';
import { passfilePath, writePassfile } from '../psql-files.ts';
import { writeOwnFile } from '../write-own-file.ts';

/** What the file for pgAdmin is to hold. */
export interface ServersRequest {
  /** Only these environments; default: all that are configured. */
  readonly named: readonly string[] | undefined;
  readonly group: string;
  /** Default: in Spire's directory. */
  readonly output: string | undefined;
  /** A password file as pgAdmin sees it, in place of a command for each environment. */
  readonly passfile: string | undefined;
  /** The file that this process was started with. */
  readonly script: string;
}

/** Writes the file that pgAdmin imports, and the passwords where a password file is asked for. */
export async function writeServers(variables: NodeJS.ProcessEnv, request: ServersRequest) {
  const { environments, leftOut } = await readGuiEnvironments(variables, request.named);
  const connections = environments.map(({ connection }) => connection);
  const directory = resolve(configDirectory(variables));
  const file = request.output ?? join(directory, 'pgadmin-servers.json');
  const servers: PgAdminServers = pgAdminServers(connections, request.group, passwordSource());
  const passwords = request.passfile === undefined ? undefined : passfilePath(variables);
  if (passwords) writePassfile(passwords, environments);
  writeOwnFile(file, `${JSON.stringify(servers, null, 2)}\n`);
  return { file, passwords, servers, connections, leftOut };

  function passwordSource(): PasswordSource {
    if (request.passfile !== undefined) return { passfile: request.passfile };
    const { script } = request;
    const call = { node: process.execPath, script, configDirectory: directory };
    return {
      commandFor: (environment) => passwordCommandLine({ ...call, environment }, process.platform),
    };
  }
}
