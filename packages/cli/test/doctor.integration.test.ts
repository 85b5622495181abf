import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import {
  type ApiServer,
  freePort,
  localCertificates,
  type PostgresServer,
  startDatabricks,
  startPostgres,
  startVault,
  type VaultServer,
} from '@spire/servers';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDevelopment } from './practice-development.ts';
import { Home } from './spire-process.ts';

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
    old: { user: 'old', pwd: CANARY },
  };
  for (const [name, data] of Object.entries(secrets)) {
    await development.ask('POST', `${PATH.replace('secret/', 'secret/data/')}/${name}`, { data });
  }
  await development.ask('PUT', 'sys/policies/acl/lister', {
    policy: `path "secret/data/*" { capabilities = ["list"] }`,
  });
  await fetch(`${late.address}/v1/${PATH.replace('secret/', 'secret/data/')}/db`, {
    method: 'POST',
    headers: { 'X-Vault-Token': late.rootToken },
    body: JSON.stringify({ data: { user, pwd: password } }),
  });
  await withClient('spire_db', async (client) => {
    await client.query(`
      create role poor login password '${CANARY}';
      create role old login superuser password '${CANARY}';
      create schema fake;
      create function fake.current_setting(text) returns text language sql
        as $$ select case $1 when 'server_version_num' then '130004' else '13.4' end $$;
      alter role old set search_path = fake, pg_catalog, public`);
  });
  await development.postgres.createDatabase('copy', { template: 'spire_db' });
  await withClient('copy', (client) =>
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

async function withClient<T>(database: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const { host, port, user, password } = development.postgres;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

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

/** Speaks Postgres' first word and then TLS with a certificate of these terms. */
async function tlsThat(name: string, terms: Parameters<typeof localCertificates>[1]) {
  const place = join(directory, name);
  mkdirSync(place);
  const { certificateFile, keyFile } = await localCertificates(place, terms);
  const secureContext = createSecureContext({
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
  });
  const server = createTcp((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('S');
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {});
    });
  });
  return { DB_PORT: String(await listening(server)), DB_CA_FILE: join(place, 'ca.pem') };
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
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  writeFileSync(
    config(),
    ['environments:', '  development:', '    contacts: [ann@example.com]', ...lines, ''].join('\n'),
    { mode: 0o600 },
  );
}

type Values = Record<string, string | undefined>;
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
  ['a certificate of somebody unknown', { DB_CA_FILE: undefined }, 'tls', 5, /DB_CA_FILE/],
  [
    'a certificate that has expired',
    () => tlsThat('expired', { notAfter: new Date(Date.now() - 60_000) }),
    'tls',
    5,
    /renewed/,
  ],
  [
    "another server's certificate",
    () => tlsThat('other', { names: ['db.example.com'] }),
    'tls',
    5,
    /DB_HOSTNAME/,
  ],
  [
    'a wrong password',
    { VAULT_READ_PATH: `${PATH}/wrong` },
    'authentication',
    4,
    /credential in Vault/,
  ],
  [
    'a role without rights',
    { VAULT_READ_PATH: `${PATH}/poor` },
    'role',
    1,
    /grant select on cluster_status, .* to poor;/,
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
    'a clock that is wrong',
    () => ({ VAULT_ADDRESS: late.address, VAULT_TOKEN: late.rootToken }),
    'clock',
    1,
    /clock/,
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
    const { exitCode, stdout, stderr } = await home.spire(['doctor', '-e', 'development']);
    const [, name] = /^It ends at (\S+) \(/m.exec(stdout) ?? [];
    expect([name, exitCode]).toEqual([hop, exit]);
    expect(stdout).toMatch(remedy);
    expect(stdout).toMatch(/^Ask: ann@example\.com$/m);
    expect(stdout).toContain(`Read: docs/reference/cli/doctor.md#${hop}`);
    const report = await home.json('doctor', '-e', 'development');
    expect(report.broken).toBe(hop);
    expect(report.hops.at(-1)).toMatchObject({ name: hop, state: 'broken' });
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
  ])('config: %s', async (_, spoil, remedy) => {
    configure({});
    spoil();
    const { exitCode, stdout } = await home.spire(['doctor', '-e', 'development']);
    expect([exitCode, /^It ends at (\S+)/m.exec(stdout)?.[1]]).toEqual([2, 'config']);
    expect(stdout).toMatch(remedy);
    expect(stdout).not.toContain(CANARY);
  });

  it('passes Vault by where none is configured', async () => {
    const { user, password } = development.postgres;
    configure({
      VAULT_ADDRESS: undefined,
      VAULT_TOKEN: undefined,
      DB_USER: user,
      DB_PASSWORD: password,
    });
    const { exitCode, stdout } = await home.spire(['doctor', '-e', 'development']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^- policy .* no Vault is configured/m);
    expect(stdout).not.toContain(password);
  });
});

describe('doctor --against', () => {
  let databricks: ApiServer;
  afterEach(() => databricks?.stop());

  const against = async (spark_env_vars: Record<string, string>) => {
    configure({});
    databricks = await startDatabricks({
      token: 'dapi-canary',
      clusters: [{ cluster_id: '1', cluster_name: 'etl', spark_env_vars }],
    });
    Object.assign(home.variables, {
      DATABRICKS_HOST: databricks.address,
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
});
