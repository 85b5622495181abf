import { describe, expect, it } from 'vitest';
import type { DatabaseCredential } from '../database-credential.ts';
import { Secret } from '../secret.ts';
import { type ClientConnection, clientConnection } from './client-connection.ts';
import { passwordCommandLine } from './password-command.ts';
import { pgServiceFile } from './pg-service.ts';
import { comparePgAdminServers, type PgAdminServer, pgAdminServers } from './pgadmin-servers.ts';
import { pgpassLine } from './pgpass.ts';

const staging: ClientConnection = {
  environment: 'staging',
  host: 'staging.c1.eu-central-1.rds.amazonaws.com',
  port: 5432,
  database: 'spire_db',
  user: 'spirestage_reader',
  tls: 'verify-full',
  caFile: '/home/ann lee/.spire/rds.pem',
  readOnly: false,
};

/** One of each kind. */
const CONNECTIONS: readonly ClientConnection[] = [
  {
    ...staging,
    environment: 'production',
    host: 'production.c1.eu-central-1.rds.amazonaws.com',
    user: 'spireprod_reader',
    readOnly: true,
  },
  staging,
  { ...staging, environment: 'qa [eu]', host: 'qa.example.com', port: 6543, user: 'qa:reader' },
  {
    ...staging,
    environment: 'local',
    host: '127.0.0.1',
    port: 45549,
    user: 'spire',
    tls: 'disable',
    caFile: undefined,
  },
];

const golden = (name: string) => `../../test/golden/${name}`;
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const commandFor = (environment: string) =>
  passwordCommandLine(
    {
      node: '/opt/node 26/bin/node',
      script: '/home/ann lee/spire/packages/cli/bin/spire.ts',
      configDirectory: '/home/ann lee/.spire',
      environment,
    },
    'linux',
  );

describe('the file that pgAdmin imports', () => {
  const servers = pgAdminServers(CONNECTIONS, 'Spire', { commandFor });

  it('is the one that was tried', async () => {
    await expect(json(servers)).toMatchFileSnapshot(golden('servers.json'));
  });

  it('names a password file instead where one is asked for', async () => {
    const other = pgAdminServers(CONNECTIONS, 'Spire', { passfile: 'pgpass' });
    await expect(json(other)).toMatchFileSnapshot(golden('servers-passfile.json'));
  });

  it('obeys the rules of its importer', () => {
    expect(Object.values(servers.Servers).flatMap(problemsOf)).toEqual([]);
  });

  it.each([
    [{ Port: '5432' }, 'Port must be integer'],
    [{ Port: undefined }, "'Port' attribute not found"],
    [{ Username: '' }, "'Username' attribute not found"],
    [{ MaintenanceDB: undefined }, "'MaintenanceDB' attribute not found"],
    [{ Group: undefined }, "'Group' attribute not found"],
  ])('would break them with %j', (change, problem) => {
    const [server] = Object.values(servers.Servers);
    expect(problemsOf({ ...server, ...change } as PgAdminServer)).toEqual([problem]);
  });
});

/** As `validate_json_data` of pgAdmin 9.18 refuses a server: by the first that it finds. */
function problemsOf(server: PgAdminServer): string[] {
  const lacks = (key: keyof PgAdminServer) =>
    server[key] === undefined ? [`'${key}' attribute not found`] : [];
  return [
    ...lacks('Group'),
    ...lacks('Name'),
    ...lacks('Port'),
    ...(server.Port === undefined || Number.isInteger(server.Port) ? [] : ['Port must be integer']),
    ...(server.Username ? [] : ["'Username' attribute not found"]),
    ...lacks('MaintenanceDB'),
    ...lacks('Host'),
  ].slice(0, 1);
}

describe('what pgAdmin has already', () => {
  const servers = pgAdminServers(CONNECTIONS, 'Spire', { commandFor });
  const all = Object.values(servers.Servers);
  const there = (list: readonly object[]) =>
    ({ Servers: Object.fromEntries(Object.entries(list)) }) as typeof servers;

  it('is nothing at first', () => {
    expect(comparePgAdminServers(servers, there([]))).toEqual({
      missing: servers,
      same: [],
      different: [],
    });
  });

  it('is told by group and name, and by where it leads', () => {
    const [production, staging, qa] = all as [PgAdminServer, PgAdminServer, PgAdminServer];
    const connection = { ...production.ConnectionParameters };
    const known = there([
      // pgAdmin gives numbers back as it likes, and what the reader painted is no matter.
      {
        ...production,
        BGColor: '#000000',
        ConnectionParameters: { ...connection, connect_timeout: '10' },
      },
      { ...staging, Port: 1 },
      { ...qa, Group: 'Servers' },
    ]);
    const { missing, same, different } = comparePgAdminServers(servers, known);
    expect([same, different]).toEqual([['Spire Production'], ['Spire Staging']]);
    expect(Object.values(missing.Servers).map(({ Name }) => Name)).toEqual([
      'Spire Qa [eu]',
      'Spire Local',
    ]);
  });
});

describe("libpq's files", () => {
  it('are a service for each environment', async () => {
    const file = pgServiceFile(CONNECTIONS, '/home/ann lee/.spire/pgpass');
    await expect(file).toMatchFileSnapshot(golden('pg_service.conf'));
  });

  it.each([
    ['plain', 'plain'],
    ['with:colon', 'with\\:colon'],
    ['back\\slash', 'back\\\\slash'],
    ['# and space ', '# and space '],
  ])('hold the password %j as %j', (password, written) => {
    const [, , qa] = CONNECTIONS;
    if (!qa) throw new Error('there are four');
    const start = 'qa.example.com:6543:spire_db:qa\\:reader:';
    expect(pgpassLine(qa, new Secret(password))).toBe(`${start}${written}`);
    expect(() => pgpassLine(qa, new Secret(`${password}\nx`))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('take no value of more than one line', () => {
    const credential = {
      ...{ host: 'h', port: 1, user: 'u', database: 'd\noptions=-c x=y' },
      environment: { name: 'staging', protected: false, values: {} },
    } as unknown as DatabaseCredential;
    expect(() => clientConnection(credential, '/ca.pem')).toThrow(
      'The database of staging has more than one line.',
    );
  });
});

describe('the command that prints a password', () => {
  it.each([
    [
      'linux',
      {
        node: '/usr/bin/node',
        script: "/home/o'hara/spire.js",
        configDirectory: '/home/a b/.spire',
        environment: 'staging',
      },
      `SPIRE_CONFIG_DIR='/home/a b/.spire' /usr/bin/node '/home/o'\\''hara/spire.js' db password -e staging --raw`,
    ],
    [
      'win32',
      {
        node: 'C:\\Program Files\\nodejs\\node.exe',
        script: 'C:\\spire\\spire.js',
        configDirectory: 'C:\\Users\\Ann Lee\\.spire',
        environment: 'a & b',
      },
      'set "SPIRE_CONFIG_DIR=C:\\Users\\Ann Lee\\.spire"&& "C:\\Program Files\\nodejs\\node.exe" C:\\spire\\spire.js db password -e "a & b" --raw',
    ],
  ] as const)('on %s is quoted where its shell asks for that', (platform, command, line) => {
    expect(passwordCommandLine(command, platform)).toBe(line);
  });
});
