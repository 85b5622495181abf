import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest';
import { findPostgres } from '../src/index.ts';
import type { PostgresServer } from '../src/postgres-server.ts';
import { startVault, type VaultServer } from '../src/vault/start-vault.ts';

// Users that Vault makes and drops are real ones of a real Postgres.

const SECOND = 1000;
const ADMIN = `vault_admin_${process.pid}`;
const KEPT = `kept_${process.pid}`;
const DATABASE = `vault_${process.pid}`;
const directory = mkdtempSync(join(tmpdir(), 'vault-'));
let postgres: PostgresServer;
let admin: pg.Client;
let vault: VaultServer;
let now = Date.parse('2030-01-01T00:00:00Z');

beforeAll(async () => {
  const found = await findPostgres(inject('postgres'));
  if (!found) throw new Error('the Postgres of the global setup is gone');
  postgres = found;
  await postgres.createDatabase(DATABASE);
  admin = new pg.Client({ connectionString: postgres.connectionString(DATABASE) });
  await admin.connect();
  await admin.query(`create role ${ADMIN} superuser login password 'it''s secret/?'`);
  await admin.query(`create role ${KEPT} login password 'old'`);
  await admin.query('create table rows (id int)');
  await begin();
});
afterAll(async () => {
  await vault?.stop();
  await admin?.query(`drop owned by ${KEPT}; drop role if exists ${ADMIN}, ${KEPT}`);
  await admin?.end();
  await postgres?.dropDatabase(DATABASE);
  rmSync(directory, { recursive: true, force: true });
});
afterEach(async () => {
  await ask('POST', 'sys/leases/revoke-prefix/database/creds');
});

async function begin(): Promise<void> {
  vault = await startVault({ now: () => now, file: join(directory, 'vault.json') });
}

async function ask(method: string, path: string, body?: object, token = vault.rootToken) {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': token },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

const connectionUrl = () => {
  const { host, port } = postgres;
  return `postgresql://{{username}}:{{password}}@${host}:${port}/${DATABASE}`;
};

const logsIn = async (user: string, password: string) => {
  const { host, port } = postgres;
  const client = new pg.Client({ host, port, user, password, database: DATABASE });
  try {
    await client.connect();
    await client.query('select * from rows');
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
};
const exists = async (user: string) =>
  (await admin.query('select 1 from pg_roles where rolname = $1', [user])).rows.length === 1;

async function token(ttl = '1h'): Promise<string> {
  const { body } = await ask('POST', 'auth/token/create', { policies: ['root'], ttl });
  return body.auth.client_token;
}

it('is set up: a mount, a connection that is tried, a role', async () => {
  expect((await ask('POST', 'sys/mounts/database', { type: 'database' })).status).toBe(204);
  const mount = await ask('GET', 'sys/internal/ui/mounts/database/creds/reader');
  expect(mount.body.data).toMatchObject({ path: 'database/', type: 'database' });
  const config = {
    plugin_name: 'postgresql-database-plugin',
    connection_url: connectionUrl(),
    username: ADMIN,
    password: "it's secret/?",
    allowed_roles: 'reader,kept',
  };
  const wrong = await ask('POST', 'database/config/main', { ...config, password: 'wrong' });
  expect([wrong.status, wrong.body.errors.join()]).toEqual([
    400,
    expect.stringMatching(/error verifying connection/),
  ]);
  expect((await ask('POST', 'database/config/main', config)).status).toBe(204);
  const read = await ask('GET', 'database/config/main');
  expect(JSON.stringify(read.body)).not.toContain('secret/?');
  const role = {
    db_name: 'main',
    creation_statements: [
      `create role "{{name}}" login password '{{password}}' valid until '{{expiration}}'; grant select on rows to "{{name}}";`,
    ],
    default_ttl: '60s',
    max_ttl: '100s',
  };
  expect((await ask('POST', 'database/roles/reader', role)).status).toBe(204);
  expect((await ask('LIST', 'database/roles')).body.data.keys).toEqual(['reader']);
  expect((await ask('GET', 'database/roles/reader')).body.data).toMatchObject({ default_ttl: 60 });
});

it('makes users that can log in, two at once too, and drops them when their lease is revoked', async () => {
  const [one, two] = await Promise.all([
    ask('GET', 'database/creds/reader'),
    ask('GET', 'database/creds/reader'),
  ]);
  expect(one.body).toMatchObject({ lease_duration: 60, renewable: true });
  expect(one.body.lease_id).toMatch(/^database\/creds\/reader\//);
  const { username, password } = one.body.data;
  expect(username).not.toBe(two.body.data.username);
  expect(await logsIn(username, password)).toBe(true);
  await ask('POST', 'sys/leases/revoke', { lease_id: one.body.lease_id });
  expect([await exists(username), await exists(two.body.data.username)]).toEqual([false, true]);
  expect((await ask('POST', 'sys/leases/lookup', { lease_id: one.body.lease_id })).status).toBe(
    400,
  );
});

it('renews a lease up to its longest life', async () => {
  const { body } = await ask('GET', 'database/creds/reader');
  now += 50 * SECOND;
  const lease_id = body.lease_id;
  const longer = await ask('POST', 'sys/leases/renew', { lease_id, increment: 60 });
  expect(longer.body).toMatchObject({ lease_id, lease_duration: 50, renewable: true });
  expect(longer.body.warnings.join()).toMatch(/exceeded the effective max_ttl/);
  const { rows } = await admin.query(
    'select valid_until from (select rolvaliduntil as valid_until from pg_roles where rolname = $1) as role',
    [body.data.username],
  );
  expect(rows[0].valid_until.getTime()).toBe(now + 50 * SECOND);
  now += 50 * SECOND;
  expect((await ask('POST', 'sys/leases/lookup', { lease_id })).status).toBe(400);
  expect(await exists(body.data.username)).toBe(false);
});

it('ends a lease with the token that made it', async () => {
  const short = await token('30s');
  const revoked = await token();
  const first = await ask('GET', 'database/creds/reader', undefined, short);
  const second = await ask('GET', 'database/creds/reader', undefined, revoked);
  await ask('POST', 'auth/token/revoke-self', {}, revoked);
  expect(await exists(second.body.data.username)).toBe(false);
  now += 31 * SECOND;
  await ask('GET', 'database/roles/reader');
  expect(await exists(first.body.data.username)).toBe(false);
});

it('keeps leases over a restart, and ends those that ran out meanwhile', async () => {
  const { body } = await ask('GET', 'database/creds/reader');
  await vault.stop();
  await begin();
  expect((await ask('POST', 'sys/leases/lookup', { lease_id: body.lease_id })).body.data.ttl).toBe(
    60,
  );
  await vault.stop();
  now += 61 * SECOND;
  await begin();
  expect(await exists(body.data.username)).toBe(false);
});

it('ends a lease by itself when its time is up, without being asked', async () => {
  const own = await startVault();
  try {
    const call = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${own.address}/v1/${path}`, {
        method,
        headers: { 'X-Vault-Token': own.rootToken },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return response.status === 204 ? undefined : response.json();
    };
    await call('POST', 'sys/mounts/database', { type: 'database' });
    await call('POST', 'database/config/main', {
      plugin_name: 'postgresql-database-plugin',
      connection_url: connectionUrl(),
      username: ADMIN,
      password: "it's secret/?",
      allowed_roles: '*',
    });
    await call('POST', 'database/roles/brief', {
      db_name: 'main',
      creation_statements: `create role "{{name}}" login password '{{password}}'`,
      default_ttl: '1s',
    });
    const { data } = (await call('GET', 'database/creds/brief')) as { data: { username: string } };
    expect(await exists(data.username)).toBe(true);
    await vi.waitFor(async () => expect(await exists(data.username)).toBe(false), {
      timeout: 10_000,
    });
  } finally {
    await own.stop();
  }
});

it("changes a static user's password when it is set up, on request, and when its period is over", async () => {
  const set = await ask('POST', 'database/static-roles/kept', {
    db_name: 'main',
    username: KEPT,
    rotation_period: '1h',
  });
  expect(set.status).toBe(204);
  await admin.query(`grant select on rows to ${KEPT}`);
  const passwordNow = async () => {
    const { body } = await ask('GET', 'database/static-creds/kept');
    expect(body.data).toMatchObject({ username: KEPT, rotation_period: 3600 });
    return body.data.password as string;
  };
  const first = await passwordNow();
  expect([await logsIn(KEPT, first), await logsIn(KEPT, 'old')]).toEqual([true, false]);
  await ask('POST', 'database/rotate-role/kept');
  const second = await passwordNow();
  expect([second === first, await logsIn(KEPT, second)]).toEqual([false, true]);
  now += 3601 * SECOND;
  // The clock is the test's: what is asked makes it look.
  await vault.stop();
  await begin();
  const third = await passwordNow();
  expect([third === second, await logsIn(KEPT, third)]).toEqual([false, true]);
});

it.each([
  ['GET', 'database/creds/unknown', 400, /unknown role: unknown/],
  ['GET', 'database/static-creds/unknown', 400, /unknown role: unknown/],
  ['POST', 'sys/leases/renew', 400, /lease not found/],
  ['POST', 'sys/leases/revoke', 400, /lease_id must be specified/],
])('%s %s: %i', async (method, path, status, words) => {
  const answer = await ask(method, path, method === 'POST' ? {} : undefined);
  expect([answer.status, answer.body.errors.join()]).toEqual([
    status,
    expect.stringMatching(words),
  ]);
});
