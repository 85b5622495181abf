import { execFile } from 'node:child_process';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import {
  type Credentials,
  type DatabaseCredential,
  openCredentials,
  resolveEnvironment,
} from '@spire/access';
import { PostgresAccess, startVault, type VaultServer } from '@spire/servers';
import pg from 'pg';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  inject,
  it,
  vi,
} from 'vitest';
import { SpireDBConnector } from '../src/index.ts';

// A credential that is kept alive: with a real Vault-compatible server, whose users are real.

const ADMIN = `credentials_admin_${process.pid}`;
const STATIC = `credentials_static_${process.pid}`;
const postgres = PostgresAccess.at(inject('postgresUrl'));
let admin: pg.Client;
let vault: VaultServer;
/** Between a client and the Vault: counts, logs services in, and can be cut. */
let door: Server;
let address: string;
let asked: string[];
let cut: boolean;
let open: Credentials[];

beforeAll(async () => {
  admin = new pg.Client({ connectionString: postgres.connectionString('postgres') });
  await admin.connect();
  await admin.query(`create role ${ADMIN} superuser login password 'admin'`);
  await admin.query(`create role ${STATIC} login`);
});
afterAll(async () => {
  await admin?.query(`drop role if exists ${ADMIN}, ${STATIC}`);
  await admin?.end();
});

beforeEach(async () => {
  asked = [];
  open = [];
  cut = false;
  vault = await startVault();
  door = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url?.replace('/v1/', '')}`);
    if (cut) return incoming.socket.destroy();
    if (incoming.url === '/v1/auth/approle/login') {
      return void ask('POST', 'auth/token/create', {
        policies: ['all'],
        ttl: '4s',
        explicit_max_ttl: '4s',
      }).then(({ auth }) => outgoing.end(JSON.stringify({ auth })));
    }
    const { method, headers, url } = incoming;
    const passed = request(`${vault.address}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
    return undefined;
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const { host, port } = postgres;
  await ask('PUT', 'sys/policies/acl/all', {
    policy: ['database/*', 'secret/*', 'sys/leases/*', 'auth/token/*', 'sys/internal/*']
      .map((path) => `path "${path}" { capabilities = ["create", "read", "update"] }`)
      .join('\n'),
  });
  await ask('POST', 'sys/mounts/database', { type: 'database' });
  await ask('POST', 'database/config/main', {
    plugin_name: 'postgresql-database-plugin',
    connection_url: `postgresql://{{username}}:{{password}}@${host}:${port}/postgres`,
    username: ADMIN,
    password: 'admin',
    allowed_roles: '*',
  });
  const creation_statements = `create role "{{name}}" login password '{{password}}'`;
  await ask('POST', 'database/roles/reader', {
    db_name: 'main',
    creation_statements,
    default_ttl: '3s',
    max_ttl: '8s',
  });
  await ask('POST', 'secret/data/db', { data: { user: 'ann', pwd: 'one' } });
});
afterEach(async () => {
  for (const credentials of open) await credentials[Symbol.asyncDispose]();
  await ask('POST', 'sys/leases/revoke-prefix/database', {});
  await vault.stop();
  door.close();
  door.closeAllConnections();
});

async function ask(method: string, path: string, body: object) {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': vault.rootToken },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return text ? JSON.parse(text) : {};
}

const exists = async (user: string) =>
  (await admin.query('select 1 from pg_roles where rolname = $1', [user])).rows.length === 1;
const times = (what: string) => asked.filter((one) => one === what).length;

function environment(path: string, token = vault.rootToken) {
  const values = {
    DB_HOSTNAME: 'h',
    VAULT_ADDRESS: address,
    VAULT_TOKEN: token,
    VAULT_READ_PATH: path,
  };
  const entries = new Map(
    Object.entries(values).map(([name, value]) => [name, { value, line: 2 }]),
  );
  return resolveEnvironment({
    environment: 'staging',
    variables: {},
    config: {
      path: 'config.yml',
      activeEnvironment: undefined,
      environments: new Map([['staging', { entries, protected: undefined, contacts: [] }]]),
    },
    local: undefined,
  });
}

function opened(path: string, options: Parameters<typeof openCredentials>[1] = {}): Credentials {
  const credentials = openCredentials(environment(path), options);
  open.push(credentials);
  return credentials;
}

const LONG = { timeout: 15_000, interval: 50 };

describe('a secret without a lease', () => {
  it('is asked for once, and then no more', async () => {
    const credentials = opened('secret/db');
    const all = await Promise.all(Array.from({ length: 50 }, () => credentials.get()));
    expect(new Set(all).size).toBe(1);
    await credentials.get();
    expect(times('GET secret/data/db')).toBe(1);
  });

  it('is asked for once when fifty callers come with the same refused version', async () => {
    const changes: DatabaseCredential[] = [];
    const credentials = opened('secret/db', { onChange: (next) => changes.push(next) });
    const { version } = await credentials.get();
    await ask('POST', 'secret/data/db', { data: { user: 'ann', pwd: 'two' } });
    const all = await Promise.all(Array.from({ length: 50 }, () => credentials.refresh(version)));
    expect(all.every(({ password }) => password.reveal() === 'two')).toBe(true);
    // Who comes late with the old one gets the new one.
    expect((await credentials.refresh(version)).version).toBe('2');
    expect([times('GET secret/data/db'), changes.length]).toEqual([2, 1]);
  });

  it('stays in use while Vault is down, and a failure is not kept', async () => {
    const credentials = opened('secret/db', { attempts: 1 });
    cut = true;
    await expect(credentials.get()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    cut = false;
    const first = await credentials.get();
    cut = true;
    expect(await credentials.get()).toBe(first);
    await expect(credentials.refresh(first.version)).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
    });
    expect(await credentials.get()).toBe(first);
  });
});

describe('a dynamic credential', () => {
  it('is renewed while it is in use, replaced at its longest life, and gone when it is closed', async () => {
    const changes: DatabaseCredential[] = [];
    const credentials = opened('database/creds/reader', { onChange: (next) => changes.push(next) });
    const first = await credentials.get();
    expect(first.lease?.durationSeconds).toBe(3);
    expect(await exists(first.user)).toBe(true);
    await vi.waitFor(() => expect(times('POST sys/leases/renew')).toBeGreaterThanOrEqual(2), LONG);
    expect(await exists(first.user)).toBe(true);
    await vi.waitFor(() => expect(changes.length).toBe(1), LONG);
    const second = await credentials.get();
    expect(second).toBe(changes[0]);
    expect(second.user).not.toBe(first.user);
    // The old one may still be connected: it ends with its lease, or here.
    await credentials[Symbol.asyncDispose]();
    expect([await exists(first.user), await exists(second.user)]).toEqual([false, false]);
  });

  it('is asked for anew by get when it ended while Vault was down', async () => {
    const credentials = opened('database/creds/reader', { attempts: 1 });
    const first = await credentials.get();
    cut = true;
    await vi.waitFor(() => expect(credentials.get()).rejects.toThrow(), LONG);
    cut = false;
    const second = await credentials.get();
    expect(second.user).not.toBe(first.user);
  });

  it('that is on its way when it is closed is ended too', async () => {
    const credentials = opened('database/creds/reader');
    const [first] = await Promise.all([credentials.get(), credentials[Symbol.asyncDispose]()]);
    expect(await exists(first.user)).toBe(false);
  });

  it('keeps no process alive', async () => {
    const script = `
      import { openCredentials, loadEnvironment } from ${JSON.stringify(import.meta.resolve('@spire/access'))};
      const credentials = openCredentials(loadEnvironment(process.env));
      console.log((await credentials.get()).user);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        timeout: 20_000,
        env: {
          SPIRE_CONFIG_DIR: '/nowhere',
          DEPLOYMENT_ENV: 'staging',
          DB_HOSTNAME: 'h',
          VAULT_ADDRESS: address,
          VAULT_TOKEN: vault.rootToken,
          VAULT_READ_PATH: 'database/creds/reader',
        },
      },
    );
    expect(stdout).toMatch(/^v-token-reader-/);
  });
});

it('a connector uses a user of its own, and ends it when it is closed', async () => {
  const values = {
    DB_HOSTNAME: postgres.host,
    DB_PORT: String(postgres.port),
    DB_NAME: 'postgres',
    VAULT_ADDRESS: address,
    VAULT_TOKEN: vault.rootToken,
    VAULT_READ_PATH: 'database/creds/reader',
  };
  const entries = new Map(
    Object.entries(values).map(([name, value]) => [name, { value, line: 2 }]),
  );
  const none = { path: 'config.yml', activeEnvironment: undefined, environments: new Map() };
  const environments = new Map([['local', { entries, protected: undefined, contacts: [] }]]);
  const resolved = resolveEnvironment({
    environment: 'local',
    variables: {},
    config: none,
    local: { ...none, environments },
  });
  const spire = await SpireDBConnector.create({ environment: resolved, access: 'read-only' });
  const { rows } = await spire.pool.query('select current_user as name');
  expect(rows[0].name).toMatch(/^v-token-reader-/);
  expect(spire.environment.values.user?.origin).toMatchObject({ kind: 'vault' });
  await spire.close();
  expect(await exists(rows[0].name)).toBe(false);
});

describe('a static credential', () => {
  it('has the version of its rotation', async () => {
    await ask('POST', 'database/static-roles/kept', {
      db_name: 'main',
      username: STATIC,
      rotation_period: '1h',
    });
    const credentials = opened('database/static-creds/kept');
    const first = await credentials.get();
    expect([first.user, first.lease]).toEqual([STATIC, undefined]);
    await ask('POST', 'database/rotate-role/kept', {});
    const second = await credentials.refresh(first.version);
    expect(second.password.reveal()).not.toBe(first.password.reveal());
  });
});

describe('a service', () => {
  const auth = { method: 'approle', roleId: 'r', secretId: 's' } as const;

  it('logs in, logs in again when its token ends, and ends it when it is closed', async () => {
    const changes: DatabaseCredential[] = [];
    const credentials = opened('database/creds/reader', {
      auth,
      onChange: (next) => changes.push(next),
    });
    const first = await credentials.get();
    expect([times('POST auth/approle/login'), await exists(first.user)]).toEqual([1, true]);
    // Its token lives four seconds, and takes the user along: another one is there by then.
    await vi.waitFor(
      () => expect(times('POST auth/approle/login')).toBeGreaterThanOrEqual(2),
      LONG,
    );
    await vi.waitFor(() => expect(changes.length).toBeGreaterThanOrEqual(1), LONG);
    const second = await credentials.get();
    expect(await exists(second.user)).toBe(true);
    await credentials[Symbol.asyncDispose]();
    expect(await exists(second.user)).toBe(false);
  });

  it('logs in once for many', async () => {
    const credentials = opened('secret/db', { auth });
    await Promise.all(Array.from({ length: 20 }, () => credentials.get()));
    expect(times('POST auth/approle/login')).toBe(1);
  });

  it('says that it is not let in', async () => {
    const credentials = opened('secret/db', { auth: { ...auth, mount: 'elsewhere' } });
    await expect(credentials.get()).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    const noFile = { method: 'kubernetes', role: 'r', jwtFile: '/nowhere/jwt' } as const;
    await expect(opened('secret/db', { auth: noFile }).get()).rejects.toMatchObject({
      code: 'LOGIN_FAILED',
      message: expect.stringContaining('/nowhere/jwt'),
    });
  });
});
