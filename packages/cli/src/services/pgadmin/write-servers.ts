import { join, resolve } from 'node:path';
import {
  configDirectory,
  type PasswordSource,
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
  const content = pgAdminServers(connections, request.group, passwordSource(directory, request));
  const passfile = request.passfile === undefined ? undefined : passfilePath(variables);
  if (passfile) writePassfile(passfile, environments);
  writeOwnFile(file, `${JSON.stringify(content, null, 2)}\n`);
  const names = Object.values(content.Servers).map(({ Name }) => Name);
  const servers = connections.map(
    ({ environment, host, port, database, user, readOnly }, index) => ({
      name: names[index] ?? '',
      ...{ environment, host, port, database, user, readOnly },
    }),
  );
  return { file, content, passfile, servers, leftOut };
}

function passwordSource(
  configDirectory: string,
  { passfile, script }: ServersRequest,
): PasswordSource {
  if (passfile !== undefined) return { passfile };
  const call = { node: process.execPath, script, configDirectory };
  return {
    commandFor: (environment) => passwordCommandLine({ ...call, environment }, process.platform),
  };
}
