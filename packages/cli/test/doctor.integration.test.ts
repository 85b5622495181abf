import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcp,
  type Server,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import {
  type ApiServer,
  freePort,
  localCertificates,
  type PostgresServer,
  startAstronomer,
  startDatabricks,
  startPostgres,
  startVault,
  type VaultServer,
} from '@spire/servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDevelopment } from './practice-development.ts';
import { Home } from './spire-process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';
import { withClient } from './with-client.ts';

// Each hop is broken on purpose: the report names it, the exit code, and what helps.

let development: Awaited<ReturnType<typeof startDevelopment>>;
let unencrypted: PostgresServer;
let late: VaultServer;
let token: string;
const directory = mkdtempSync(join(tmpdir(), 'spire-doctor-'));
const servers: Server[] = [];
let home: Home;

const PATH = 'secret/data-innovation/spire/development';
const CANARY = 'canary-password-0123456789';

beforeAll(async () => {
  [development, unencrypted, late] = await Promise.all([
    startDevelopment(),
    startPostgres({ lifetime: 'parent' }),
    startVault({ now: () => Date.now() - 3600_000 }),
  ]);
  token = await development.token();
  const { user, password } = development.postgres;
  const secrets: Record<string, object> = {
    half: { user },
    wrong: { user, pwd: CANARY },
    poor: { user: 'poor', pwd: CANARY },
    narrow: { user: 'narrow', pwd: CANARY },
    late: { user: 'late', pwd: CANARY },
    old: { user: 'old', pwd: CANARY },
  };
  for (const [name, data] of Object.entries(secrets)) {
    await development.ask('POST', `${PATH.replace('secret/', 'secret/data/')}/${name}`, { data });
  }
  await development.ask('PUT', 'sys/policies/acl/lister', {
    policy: `path "secret/data/*" { capabilities = ["list"] }`,
  });
  const lateSecrets = { db: { user, pwd: password }, late: secrets.late };
  for (const [name, data] of Object.entries(lateSecrets)) {
    await fetch(`${late.address}/v1/${PATH.replace('secret/', 'secret/data/')}/${name}`, {
      method: 'POST',
      headers: { 'X-Vault-Token': late.rootToken },
      body: JSON.stringify({ data }),
    });
  }
  await withClient(development.postgres, 'spire_db', async (client) => {
    await client.query(`
      create role poor login password '${CANARY}';
      create role old login superuser password '${CANARY}';
      create schema fake;
      create function fake.current_setting(text) returns text language sql
        as $$ select case $1 when 'server_version_num' then '130004' else '13.4' end $$;
      alter role old set search_path = fake, pg_catalog, public;
      create role narrow login password '${CANARY}';
      grant select on all tables in schema public to narrow;
      create role late login superuser password '${CANARY}';
      create schema slow;
      create function slow.clock_timestamp() returns timestamptz language sql
        as $$ select pg_catalog.clock_timestamp() - interval '1 hour' $$;
      alter role late set search_path = slow, pg_catalog, public`);
  });
  await development.postgres.createDatabase('unclaimed', { template: 'spire_db' });
  await withClient(development.postgres, 'unclaimed', (client) =>
    client.query('delete from spire.environment'),
  );
  await development.postgres.createDatabase('copy', { template: 'spire_db' });
  await withClient(development.postgres, 'copy', (client) =>
    client.query(`update spire.environment set name = 'staging'`),
  );
});
afterAll(async () => {
  for (const server of servers) server.close();
  await Promise.all([development?.stop(), unencrypted?.stop(), late?.stop()]);
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.end());

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Something that answers as a Vault in a state that one can't be brought into quickly. */
async function vaultThat(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createHttp(listener))}`;
}

const health = (status: number, state: object) =>
  vaultThat((_, response) => {
    const body = { initialized: true, sealed: false, server_time_utc: Date.now() / 1000, ...state };
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });

/** Takes connections; `serve` does what follows, by default nothing. */
async function tcpThat(serve: (socket: Socket) => void = () => {}): Promise<number> {
  const server = createTcp((socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  return listening(server);
}

/** A certificate of an authority of its own, in a directory of its own. */
async function certificate(terms: Parameters<typeof localCertificates>[1] = {}) {
  const place = mkdtempSync(join(directory, 'tls-'));
  const { certificateFile, keyFile } = await localCertificates(place, terms);
  const pair = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
  return { ...pair, ca: join(place, 'ca.pem') };
}

/** Speaks Postgres' first word and then TLS with a certificate of these terms. */
async function tlsThat(
  terms: Parameters<typeof localCertificates>[1],
  serve: (socket: Socket) => void = () => {},
) {
  const { ca, ...pair } = await certificate(terms);
  const secureContext = createSecureContext(pair);
  const port = await tcpThat((socket) =>
    socket.once('data', () => {
      socket.write('S');
      const secured = new TLSSocket(socket, { isServer: true, secureContext });
      secured.on('error', () => {});
      serve(secured);
    }),
  );
  return { DB_PORT: String(port), DB_CA_FILE: ca };
}

/** Stands before a Postgres that has no TLS, and falls silent for good at a client's word. */
function relay(until?: string) {
  return (client: Socket) => {
    const server = connect(unencrypted.port, unencrypted.host);
    server.on('error', () => {});
    server.pipe(client);
    let silent = false;
    client.on('data', (chunk) => {
      silent ||= until !== undefined && chunk.includes(until);
      if (!silent) server.write(chunk);
    });
    client.once('close', () => server.destroy());
  };
}

const config = () => join(home.directory, '.spire', 'config.yml');

/** Writes a config file in which development is well, but for these values. */
function configure(more: Record<string, string | undefined>): void {
  const ca = join(directory, 'ca.pem');
  writeFileSync(ca, development.postgres.ca ?? '');
  const values = { ...development.variables, DB_CA_FILE: ca, VAULT_TOKEN: token, ...more };
  const lines = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`    ${name}: "${value}"`],
  );
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700, recursive: true });
  writeFileSync(
    config(),
    ['environments:', '  development:', '    contacts: [ann@example.com]', ...lines, ''].join('\n'),
    { mode: 0o600 },
  );
}

type Values = Record<string, string | undefined>;

/** A Postgres' own user, without Vault. */
const ownUser = ({ user, password }: PostgresServer): Values => ({
  VAULT_ADDRESS: undefined,
  VAULT_TOKEN: undefined,
  DB_USER: user,
  DB_PASSWORD: password,
});

type Break = Values | (() => Values | Promise<Values>);

async function tokenWith(policy: string): Promise<string> {
  const made = await development.ask('POST', 'auth/token/create', {
    policies: [policy],
    ttl: '1h',
  });
  return (made as { auth: { client_token: string } }).auth.client_token;
}

const CASES: readonly [what: string, broken: Break, hop: string, exit: number, remedy: RegExp][] = [
  [
    'the address is one thing here and another there',
    () => {
      home.variables.VAULT_ADDRESS = 'https://elsewhere:8200';
      return {};
    },
    'variables',
    2,
    /Unset one of them/,
  ],
  ['a port that is none', { DB_PORT: 'x' }, 'variables', 2, /Correct it in .*config\.yml:\d+/],
  [
    'a CA that is not there',
    { DB_CA_FILE: '/nowhere/ca.pem' },
    'variables',
    2,
    /Correct it: DB_CA_FILE from .*config\.yml:\d+/,
  ],
  [
    'nothing is configured',
    { DB_HOSTNAME: undefined, VAULT_ADDRESS: undefined, VAULT_TOKEN: undefined },
    'variables',
    4,
    /login -e development --from databricks/,
  ],
  [
    'Vault is down',
    async () => ({ VAULT_ADDRESS: `http://127.0.0.1:${await freePort()}` }),
    'vault',
    4,
    /sys\/health/,
  ],
  [
    'Vault is sealed',
    async () => ({ VAULT_ADDRESS: await health(503, { sealed: true }) }),
    'vault',
    4,
    /unseal/,
  ],
  [
    'Vault was never initialized',
    async () => ({ VAULT_ADDRESS: await health(501, { initialized: false }) }),
    'vault',
    4,
    /VAULT_ADDRESS/,
  ],
  [
    'Vault is the secondary of another',
    async () => ({ VAULT_ADDRESS: await health(472, { replication_dr_mode: 'secondary' }) }),
    'vault',
    4,
    /primary/,
  ],
  [
    'something else answers',
    async () => ({ VAULT_ADDRESS: await vaultThat((_, response) => response.end('<html>')) }),
    'vault',
    4,
    /Check the address/,
  ],
  [
    'Vault takes connections and says nothing',
    async () => ({ VAULT_ADDRESS: `http://127.0.0.1:${await tcpThat()}` }),
    'vault',
    4,
    /none within 4000 ms[\s\S]*sys\/health/,
  ],
  [
    'Vault has a certificate of somebody unknown',
    async () => {
      const server = createHttps(await certificate(), (_, response) => response.end('{}'));
      return { VAULT_ADDRESS: `https://localhost:${await listening(server)}` };
    },
    'vault',
    4,
    /VAULT_CACERT/,
  ],
  [
    'a standby that does not pass on what it is asked',
    async () => ({
      VAULT_ADDRESS: await vaultThat(({ url }, response) => {
        const body = { initialized: true, sealed: false, server_time_utc: Date.now() / 1000 };
        response.writeHead(url === '/v1/sys/health' ? 200 : 473).end(JSON.stringify(body));
      }),
    }),
    'token',
    4,
    /active node/,
  ],
  ['no token', { VAULT_TOKEN: undefined }, 'token', 4, /login -e development --method token/],
  ['a token that has ended', { VAULT_TOKEN: 'hvs.ended' }, 'token', 4, /expired or was revoked/],
  [
    'a token without a policy',
    async () => ({ VAULT_TOKEN: await tokenWith('default') }),
    'policy',
    4,
    /policies have to cover/,
  ],
  [
    'a token that may only list',
    async () => ({ VAULT_TOKEN: await tokenWith('lister') }),
    'policy',
    4,
    /capabilities = \["read"\]/,
  ],
  ['no secret', { VAULT_READ_PATH: `${PATH}/none` }, 'secret', 4, /VAULT_READ_PATH/],
  [
    'a secret without a password',
    { VAULT_READ_PATH: `${PATH}/half` },
    'secret',
    4,
    /fields user, pwd and db/,
  ],
  ['a name that nobody knows', { DB_HOSTNAME: 'nowhere.invalid' }, 'dns', 5, /VPN/],
  [
    'a port that nobody listens on',
    async () => ({ DB_PORT: String(await freePort()) }),
    'tcp',
    5,
    /DB_PORT/,
  ],
  [
    'a server without TLS',
    () => ({ DB_PORT: String(unencrypted.port) }),
    'tls',
    5,
    /no password unencrypted/,
  ],
  [
    'a server that takes connections and says nothing',
    async () => ({ DB_PORT: String(await tcpThat()) }),
    'tls',
    5,
    /no answer in 4000 ms[\s\S]*something in between/,
  ],
  [
    'a server that breaks off while TLS is agreed on',
    async () => ({
      DB_PORT: String(
        await tcpThat((socket) =>
          socket.once('data', () => {
            socket.write('S');
            socket.once('data', () => socket.destroy());
          }),
        ),
      ),
    }),
    'tls',
    5,
    /ECONNRESET[\s\S]*something in between/,
  ],
  ['a certificate of somebody unknown', { DB_CA_FILE: undefined }, 'tls', 5, /DB_CA_FILE/],
  [
    'a certificate that has expired',
    () => tlsThat({ notAfter: new Date(Date.now() - 60_000) }),
    'tls',
    5,
    /renewed/,
  ],
  [
    "another server's certificate",
    () => tlsThat({ names: ['db.example.com'] }),
    'tls',
    5,
    /DB_HOSTNAME/,
  ],
  [
    'a wrong password',
    { VAULT_READ_PATH: `${PATH}/wrong` },
    'authentication',
    4,
    /spire env show -e development --vault/,
  ],
  ['a database that is not there', { DB_NAME: 'nowhere' }, 'authentication', 5, /DB_NAME/],
  [
    'a server that falls silent after it has let somebody in',
    async () => ({
      ...ownUser(unencrypted),
      ...(await tlsThat({}, relay('has_schema_privilege'))),
      DB_NAME: 'postgres',
    }),
    'role',
    5,
    /role took longer than 5 s[\s\S]*VPN/,
  ],
  [
    'a role without rights',
    { VAULT_READ_PATH: `${PATH}/poor` },
    'role',
    1,
    /grant usage on schema spire to poor;[\s\S]*grant select on cluster_status, .* to poor;/,
  ],
  [
    'a role that cannot see which environment it is',
    { VAULT_READ_PATH: `${PATH}/narrow` },
    'role',
    1,
    /grant usage on schema spire to narrow;[\s\S]*grant select on spire\.environment to narrow;/,
  ],
  ['an old server', { VAULT_READ_PATH: `${PATH}/old` }, 'server', 1, /14 or newer/],
  [
    "another environment's database",
    { DB_NAME: 'copy' },
    'fingerprint',
    1,
    /db claim -e development/,
  ],
  [
    'the clock of Vault is wrong',
    () => ({ VAULT_ADDRESS: late.address, VAULT_TOKEN: late.rootToken }),
    'clock',
    1,
    /: Vault is 3\d{3} s behind\.[\s\S]*let DevOps look at that clock/,
  ],
  [
    'the clock of Postgres is wrong',
    { VAULT_READ_PATH: `${PATH}/late` },
    'clock',
    1,
    /: Postgres is 3\d{3} s behind\.[\s\S]*let DevOps look at that clock/,
  ],
  [
    'the clock of this machine is wrong',
    () => ({
      VAULT_ADDRESS: late.address,
      VAULT_TOKEN: late.rootToken,
      VAULT_READ_PATH: `${PATH}/late`,
    }),
    'clock',
    1,
    /this machine that is wrong/,
  ],
];

describe('doctor', () => {
  it('walks all hops when all is well', async () => {
    configure({});
    const { exitCode, stdout } = await home.spire(['doctor', '-e', 'development']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/All is well with development\.\n$/);
    const { hops, broken } = await home.json('doctor', '-e', 'development');
    expect(broken).toBeNull();
    expect(hops.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual(
      [
        'config',
        'variables',
        'vault',
        'token',
        'policy',
        'secret',
        'dns',
        'tcp',
        'tls',
        'authentication',
        'role',
        'server',
        'fingerprint',
        'clock',
      ].map((name) => [name, 'ok']),
    );
  });

  it.each(CASES)('%s', async (_, broken, hop, exit, remedy) => {
    configure(typeof broken === 'function' ? await broken() : broken);
    const [{ exitCode, stdout, stderr }, report] = await Promise.all([
      home.spire(['doctor', '-e', 'development']),
      home.json('doctor', '-e', 'development'),
    ]);
    const [, name] = /^It ends at (\S+) \(/m.exec(stdout) ?? [];
    expect([name, exitCode]).toEqual([hop, exit]);
    expect(stdout).toMatch(remedy);
    expect(stdout).toMatch(/^Ask: ann@example\.com$/m);
    expect(stdout).toContain(`Read: docs/reference/cli/doctor.md#${hop}`);
    expect(report.broken).toBe(hop);
    expect(report.hops.at(-1)).toMatchObject({ name: hop, state: 'broken' });
    expect(report.hops.at(-1).problem.suggestions.join('\n')).not.toBe('');
    // None hangs.
    expect(report.hops.at(-1).millis).toBeLessThan(5500);
    for (const secret of [token, CANARY, development.postgres.password])
      expect(stdout + stderr + JSON.stringify(report)).not.toContain(secret);
  });

  it.each([
    ['a file that others may read', () => chmodSync(config(), 0o644), /chmod 600/],
    [
      'a directory that others may look into',
      () => chmodSync(join(home.directory, '.spire'), 0o755),
      /chmod 700/,
    ],
    ['a file that is no YAML', () => writeFileSync(config(), `a: [${CANARY}`), /Correct line 1/],
    [
      'a key that is misspelt',
      () => writeFileSync(config(), 'development:\n  protectd: true\n'),
      /protected/,
    ],
    [
      'a login that others may read',
      () => {
        const logins = join(home.directory, '.spire', 'logins');
        mkdirSync(logins, { mode: 0o700 });
        writeFileSync(join(logins, 'development.json'), JSON.stringify({ token: CANARY }));
        chmodSync(join(logins, 'development.json'), 0o644);
      },
      /chmod 600 .*development\.json/,
    ],
  ])('config: %s', async (_, spoil, remedy) => {
    configure({});
    spoil();
    const { exitCode, stdout } = await home.spire(['doctor', '-e', 'development']);
    expect([exitCode, /^It ends at (\S+)/m.exec(stdout)?.[1]]).toEqual([2, 'config']);
    expect(stdout).toMatch(remedy);
    expect(stdout).not.toContain(CANARY);
  });

  it('passes Vault by where none is configured', async () => {
    configure(ownUser(development.postgres));
    const { exitCode, stdout } = await home.spire(['doctor', '-e', 'development']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^- policy .* no Vault is configured/m);
    expect(stdout).not.toContain(development.postgres.password);
  });

  it('says what is well, but not for long', async () => {
    const { auth } = (await development.ask('POST', 'auth/token/create', {
      policies: ['reader'],
      ttl: '5m',
    })) as { auth: { client_token: string } };
    const soon = await tlsThat({ notAfter: new Date(Date.now() + 3.5 * 86_400_000) }, relay());
    configure({ VAULT_TOKEN: auth.client_token });
    const { stdout } = await home.spire(['doctor', '-e', 'development']);
    expect(stdout).toMatch(/^. token .* 4 min left, which is soon/m);
    configure({ ...ownUser(unencrypted), ...soon, DB_NAME: 'postgres' });
    const { stdout: behind } = await home.spire(['doctor', '-e', 'development']);
    expect(behind).toMatch(
      /^. tls .* certificate of localhost by .*, 3 days left, which is soon$/m,
    );
  });

  it('says whom it logged in as, and that a protected database is to be claimed', async () => {
    configure({ DB_NAME: 'unclaimed' });
    appendFileSync(config(), '    protected: true\n');
    const { exitCode, stdout } = await home.spire(['doctor', '-e', 'development']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^. secret .*development\/db \(version 1\) has .*password/m);
    expect(stdout).toMatch(/^. dns .*127\.0\.0\.1 \(IPv4\)/m);
    expect(stdout).toMatch(/^. role .*; this session may only read; it is a superuser/m);
    expect(stdout).toMatch(/^. fingerprint .* spire db claim .*; until then it may only be read$/m);
  });

  it.skipIf(!hasTerminal)(
    'shows on a terminal which hop is at work, beside the lines',
    async () => {
      configure({});
      const lines = join(home.directory, 'lines');
      const { stdout } = await onTerminal(home, ['doctor', '-e', 'development'], [], `>'${lines}'`);
      for (const hop of ['config', 'vault', 'tls', 'clock'])
        expect(stdout).toContain(`  ${hop} ...\r\u001b[2K`);
      expect(readFileSync(lines, 'utf8')).toMatch(
        /^. clock [\s\S]*All is well with development\.\n$/m,
      );
    },
  );

  it('gives back the user that Vault made for the look', async () => {
    const { host, port, user, password } = development.postgres;
    await development.ask('POST', 'sys/mounts/database', { type: 'database' });
    await development.ask('POST', 'database/config/main', {
      plugin_name: 'postgresql-database-plugin',
      connection_url: `postgresql://{{username}}:{{password}}@${host}:${port}/postgres`,
      username: user,
      password,
      allowed_roles: '*',
    });
    await development.ask('POST', 'database/roles/reader', {
      db_name: 'main',
      creation_statements: `create role "{{name}}" login superuser password '{{password}}'`,
      default_ttl: '1h',
    });
    configure({
      VAULT_TOKEN: development.vault.rootToken,
      VAULT_READ_PATH: 'database/creds/reader',
    });
    const { exitCode, stdout } = await home.spire(['doctor', '-e', 'development']);
    expect(exitCode).toBe(0);
    const [, made] = /logged in as (\S+)$/m.exec(stdout) ?? [];
    expect(made).toMatch(/reader/);
    const left = await withClient(development.postgres, 'postgres', (client) =>
      client.query('select from pg_roles where rolname = $1', [made]),
    );
    expect(left.rowCount).toBe(0);
  });
});

describe('doctor --against', () => {
  let api: ApiServer | undefined;
  beforeEach(() => configure({}));
  afterEach(() => api?.stop());

  const against = async (spark_env_vars: Record<string, string>) => {
    api = await startDatabricks({
      token: 'dapi-canary',
      clusters: [{ cluster_id: '1', cluster_name: 'etl', spark_env_vars }],
    });
    Object.assign(home.variables, {
      DATABRICKS_HOST: api.address,
      DATABRICKS_TOKEN: 'dapi-canary',
    });
    return home.spire([
      'doctor',
      '-e',
      'development',
      '--against',
      'databricks',
      '--cluster',
      'etl',
    ]);
  };

  it('finds a runtime that has what is needed', async () => {
    const reference = { VAULT_TOKEN: '{{secrets/spire/token}}' };
    const { exitCode, stdout } = await against({ ...development.variables, ...reference });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^DB_HOSTNAME +value +yes$/m);
    expect(stdout).toMatch(/^VAULT_TOKEN +reference +-$/m);
    expect(stdout).not.toContain(development.vault.address);
  });

  it('names what is missing and what differs, and no value', async () => {
    const { VAULT_ADDRESS: _, ...others } = development.variables;
    const { exitCode, stdout, stderr } = await against({
      ...others,
      DB_HOSTNAME: 'db.example.com',
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /lacks VAULT_ADDRESS, VAULT_TOKEN, and differs from this machine in DB_HOSTNAME/,
    );
    expect(stdout + stderr).not.toContain('db.example.com');
  });

  it("finds another environment's values in it", async () => {
    const { exitCode, stderr } = await against({
      ...development.variables,
      DEPLOYMENT_ENV: 'production',
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/belongs to production/)]);
  });

  it("finds another environment's host in it", async () => {
    const host = 'db.production.example.com';
    appendFileSync(config(), `  production:\n    DB_HOSTNAME: ${host}\n`);
    const { exitCode, stdout, stderr } = await against({
      VAULT_ADDRESS: development.vault.address,
      DB_HOSTNAME: host,
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/belongs to production.*host/i)]);
    expect(stdout + stderr).not.toContain(host);
  });

  it('reads a deployment of Astronomer with the token of the config file, as JSON', async () => {
    const variables = { ...development.variables, VAULT_TOKEN: CANARY };
    api = await startAstronomer({
      token: 'astro-canary',
      organizations: [
        {
          id: 'o',
          name: 'Acme',
          deployments: [
            {
              id: 'd',
              name: 'pipelines',
              environmentVariables: Object.entries(variables).map(([key, value]) => ({
                key,
                value,
                isSecret: key === 'VAULT_TOKEN',
              })),
            },
          ],
        },
      ],
    });
    configure({ ASTRO_API_URL: api.address, ASTRO_API_TOKEN: 'astro-canary' });
    const args = ['doctor', '-e', 'development', '--against', 'astronomer', '--json'];
    const { exitCode, stdout } = await home.spire([...args, '--deployment', 'pipelines']);
    expect(exitCode).toBe(0);
    const { environment, variables: found } = JSON.parse(stdout);
    expect([environment, found]).toEqual([
      'development',
      [
        { name: 'DEPLOYMENT_ENV', there: 'value', same: true },
        { name: 'DB_HOSTNAME', there: 'value', same: true },
        { name: 'VAULT_ADDRESS', there: 'value', same: true },
        { name: 'VAULT_TOKEN', there: 'hidden', same: null },
        { name: 'VAULT_READ_PATH', there: 'value', same: true },
      ],
    ]);
    for (const secret of [CANARY, 'astro-canary', token]) expect(stdout).not.toContain(secret);
  });

  it('wants a runtime to be named where one is described', async () => {
    const { exitCode, stderr } = await home.spire(['doctor', '-e', 'development', '--job', 'etl']);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/--against databricks/)]);
  });
});
