import { type ClientConnection, CONNECT_SECONDS, READ_ONLY_OPTIONS } from './client-connection.ts';

/** A server as pgAdmin imports it; what it requires has no question mark. */
export interface PgAdminServer {
  readonly Name: string;
  readonly Group: string;
  readonly Host: string;
  /** A string is refused. */
  readonly Port: number;
  readonly MaintenanceDB: string;
  /** The only database that it shows. */
  readonly DBRestriction?: string;
  readonly DBRestrictionType?: 'databases';
  readonly Username: string;
  readonly Comment?: string;
  readonly BGColor?: string;
  readonly FGColor?: string;
  /** Run by a shell; what it prints is the password. */
  readonly PasswordExecCommand?: string;
  /** After how many seconds it is run again; 0: for each connection. */
  readonly PasswordExecExpiration?: number;
  readonly ConnectionParameters: Readonly<Record<string, string | number>>;
  readonly Tags?: readonly { readonly text: string; readonly color: string }[];
}

/** The file that pgAdmin imports. */
export interface PgAdminServers {
  readonly Servers: Readonly<Record<string, PgAdminServer>>;
}

/** How pgAdmin comes to passwords: by a command for each environment, or by a file. */
export type PasswordSource =
  | { readonly commandFor: (environment: string) => string }
  | { readonly passfile: string };

/** Background and text of the environment's name. */
const COLOURS: Readonly<Record<string, readonly [background: string, text: string]>> = {
  production: ['#FCE8E6', '#A50E0E'],
  staging: ['#FEF7E0', '#7A4F01'],
  development: ['#E6F4EA', '#0D652D'],
  local: ['#E8F0FE', '#174EA6'],
};
const OTHERS = ['#F1F3F4', '#3C4043'] as const;

/**
 * The file with a server for each connection.
 *
 * @param group under which pgAdmin shows them.
 */
export function pgAdminServers(
  connections: readonly ClientConnection[],
  group: string,
  passwords: PasswordSource,
): PgAdminServers {
  const servers = connections.map((connection) => serverOf(connection, group, passwords));
  return { Servers: Object.fromEntries(servers.map((server, index) => [index + 1, server])) };
}

function serverOf(
  { environment, host, port, database, user, tls, caFile, readOnly }: ClientConnection,
  group: string,
  passwords: PasswordSource,
): PgAdminServer {
  const [background, text] = COLOURS[readOnly ? 'production' : environment] ?? OTHERS;
  return {
    Name: `Spire ${environment.charAt(0).toUpperCase()}${environment.slice(1)}`,
    Group: group,
    Host: host,
    Port: port,
    MaintenanceDB: database,
    DBRestriction: database,
    DBRestrictionType: 'databases',
    Username: user,
    Comment: `Environment ${environment}. Written by spire gui pgadmin.`,
    BGColor: background,
    FGColor: text,
    ...('commandFor' in passwords
      ? { PasswordExecCommand: passwords.commandFor(environment), PasswordExecExpiration: 0 }
      : {}),
    ConnectionParameters: {
      sslmode: tls,
      ...(caFile ? { sslrootcert: caFile } : {}),
      ...('passfile' in passwords ? { passfile: passwords.passfile } : {}),
      connect_timeout: CONNECT_SECONDS,
      ...(readOnly ? { options: READ_ONLY_OPTIONS } : {}),
    },
    ...(readOnly ? { Tags: [{ text: 'read-only', color: text }] } : {}),
  };
}

/** What is true of servers that pgAdmin has already. */
export interface PgAdminComparison {
  /** Servers that it lacks. */
  readonly missing: PgAdminServers;
  /** Names of those that it has as they are. */
  readonly same: readonly string[];
  /** Names of those that lead elsewhere there: pgAdmin can only be told of new ones. */
  readonly different: readonly string[];
}

/** What a server leads to; colours and comments are the reader's. */
const ESSENTIAL = [
  'Host',
  'Port',
  'MaintenanceDB',
  'Username',
  'PasswordExecCommand',
  'ConnectionParameters',
] as const satisfies readonly (keyof PgAdminServer)[];

/**
 * Compares servers with those that pgAdmin has, by group and name: it imports a server twice if it is
 * asked to.
 *
 * @param there what pgAdmin exported.
 */
export function comparePgAdminServers(
  { Servers }: PgAdminServers,
  there: PgAdminServers,
): PgAdminComparison {
  const known = Object.values(there.Servers);
  const missing: [string, PgAdminServer][] = [];
  const same: string[] = [];
  const different: string[] = [];
  for (const [key, server] of Object.entries(Servers)) {
    const found = known.find(({ Group, Name }) => Group === server.Group && Name === server.Name);
    if (!found) missing.push([key, server]);
    else (leadsAlike(found, server) ? same : different).push(server.Name);
  }
  return { missing: { Servers: Object.fromEntries(missing) }, same, different };
}

function leadsAlike(one: PgAdminServer, other: PgAdminServer): boolean {
  return ESSENTIAL.every((key) => canonical(one[key]) === canonical(other[key]));
}

/** pgAdmin may give a setting back as text, and in another order. */
function canonical(value: PgAdminServer[(typeof ESSENTIAL)[number]]): string {
  return typeof value === 'object'
    ? JSON.stringify(
        Object.entries(value)
          .map(([key, one]) => [key, String(one)])
          .sort(),
      )
    : String(value);
}
