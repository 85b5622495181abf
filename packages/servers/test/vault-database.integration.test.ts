import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { PostgresAccess } from '../src/postgres-access.ts';
import { startVault, type VaultServer } from '../src/vault/start-vault.ts';
import { findVaultProcess, startVaultProcess } from '../src/vault/vault-process.ts';
import { type Conformance, prepare } from './vault-conformance/prepare.ts';
import { type DatabaseConformance, prepareDatabase } from './vault-conformance/prepare-database.ts';

// What a real Vault can't be made to show: its clock, restarts, kills, a database that is away.

const SECOND = 1000;
let directory: string;
let file: string;
let now: number;
let vault: VaultServer;
let prepared: { given: Conformance; end(): Promise<void> };
let database: { given: DatabaseConformance; end(): Promise<void> };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vault-database-'));
  file = join(directory, 'vault.json');
  now = Date.parse('2030-01-01T00:00:00Z');
  vault = await startVault({ now: () => now, file });
  prepared = await prepare(vault.address, vault.rootToken);
  database = await prepareDatabase(prepared.given, PostgresAccess.at(inject('postgresUrl')));
});
afterEach(async () => {
  await database?.end();
  await prepared?.end();
  await vault?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Starts the Vault again, on the port that the clients know. */
async function begin(): Promise<void> {
  vault = await startVault({ now: () => now, file, port: vault.port });
}

async function credentials(role: string, token?: string) {
  const { mount, http } = database.given;
  const { body } = await http('GET', `${mount}/creds/${role}`, token ? { token } : {});
  return body as { lease_id: string; data: { username: string; password: string } };
}

const gone = (user: string) => expect.poll(() => database.given.exists(user)).toBe(false);

/** Lets the Vault look at its clock. */
const knock = () => database.given.http('GET', 'sys/mounts');

test('a lease ends when its time is over, not a millisecond before', async () => {
  const { role, http, exists } = database.given;
  await role('brief', { default_ttl: '60s' });
  const { lease_id, data } = await credentials('brief');
  const lookup = () => http('PUT', 'sys/leases/lookup', { body: { lease_id } });
  now += 60 * SECOND - 1;
  expect([(await lookup()).status, await exists(data.username)]).toEqual([200, true]);
  now += 1;
  expect((await lookup()).body.errors).toEqual(['invalid lease']);
  await gone(data.username);
  // Forgotten when its user is gone, which takes Postgres a moment.
  const renew = () => http('PUT', 'sys/leases/renew', { body: { lease_id } });
  await expect.poll(async () => (await renew()).body.errors).toEqual(['lease not found']);
  expect((await renew()).status).toBe(400);
});

test('renewals count from now, up to the longest life from the beginning', async () => {
  const { role, http } = database.given;
  await role('renewed', { default_ttl: '60s', max_ttl: '100s' });
  const { lease_id, data } = await credentials('renewed');
  const renew = async () =>
    (await http('PUT', 'sys/leases/renew', { body: { lease_id } })).body.lease_duration;
  now += 30 * SECOND;
  expect(await renew()).toBe(60);
  now += 50 * SECOND;
  expect(await renew()).toBe(20);
  now += 20 * SECOND;
  await knock();
  await gone(data.username);
});

test('a lease ends with the time of its token, though it had some left', async () => {
  const { role, http, exists } = database.given;
  await role('reader', { default_ttl: '1h' });
  const body = { policies: ['root'], ttl: '30s' };
  const token = (await http('POST', 'auth/token/create', { body })).body.auth.client_token;
  const { data } = await credentials('reader', token);
  now += 29 * SECOND;
  await knock();
  expect(await exists(data.username)).toBe(true);
  now += 1 * SECOND;
  await knock();
  await gone(data.username);
});

test('leases and passwords outlive a restart; what ran out meanwhile ends at the next start', async () => {
  const { mount, login, role, http, exists, reads } = database.given;
  await role('short', { default_ttl: '60s' });
  await role('long', { default_ttl: '1h' });
  const body = { db_name: 'main', username: login, rotation_period: '1h' };
  await http('POST', `${mount}/static-roles/kept`, { body });
  const kept = async () => (await http('GET', `${mount}/static-creds/kept`)).body.data;
  const before = await kept();
  const short = await credentials('short');
  const long = await credentials('long');
  await vault.stop();
  now += 61 * SECOND;
  await begin();
  await gone(short.data.username);
  expect(await exists(long.data.username)).toBe(true);
  const lookup = { body: { lease_id: long.lease_id } };
  expect((await http('PUT', 'sys/leases/lookup', lookup)).body.data.ttl).toBe(3600 - 61);
  expect(await kept()).toEqual({ ...before, ttl: 3600 - 61 });
  await vault.stop();
  now += 3600 * SECOND;
  await begin();
  await gone(long.data.username);
  await expect.poll(async () => (await kept()).password).not.toBe(before.password);
  const after = await kept();
  expect([await reads(login, before.password), await reads(login, after.password)]).toEqual([
    false,
    true,
  ]);
});

test("a static role's password changes when its period is over", async () => {
  const { mount, login, http, reads } = database.given;
  const body = { db_name: 'main', username: login, rotation_period: '1h' };
  await http('POST', `${mount}/static-roles/kept`, { body });
  const kept = async () => (await http('GET', `${mount}/static-creds/kept`)).body.data;
  const first = await kept();
  now += 3600 * SECOND - 1;
  expect(await kept()).toMatchObject({ password: first.password, ttl: 0 });
  now += 1;
  await expect.poll(async () => (await kept()).password).not.toBe(first.password);
  const second = await kept();
  expect(second).toMatchObject({ last_vault_rotation: new Date(now).toISOString(), ttl: 3600 });
  expect(await reads(login, second.password)).toBe(true);
});

test('a lease ends by itself, with nobody asking, and after a kill too', async () => {
  const { role, exists } = database.given;
  await role('brief', { default_ttl: '2s' });
  await vault.stop();
  // By the machine's clock.
  const options = { lifetime: 'parent', dataDirectory: directory, port: vault.port } as const;
  vault = await startVaultProcess(options);
  const first = await credentials('brief');
  expect(await exists(first.data.username)).toBe(true);
  await expect.poll(() => exists(first.data.username), { timeout: 10_000 }).toBe(false);
  const second = await credentials('brief');
  const { pid } = vault;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => findVaultProcess(directory)).toBeUndefined();
  expect(await exists(second.data.username)).toBe(true);
  vault = await startVaultProcess(options);
  await expect.poll(() => exists(second.data.username), { timeout: 10_000 }).toBe(false);
});

test('a password whose change was not recorded is changed again', async () => {
  const { mount, login, http, reads } = database.given;
  const body = { db_name: 'main', username: login, rotation_period: '1h' };
  await http('POST', `${mount}/static-roles/kept`, { body });
  // As a kill between Postgres and the file leaves it.
  await vault.stop();
  const state = JSON.parse(readFileSync(file, 'utf8'));
  state.mounts[`${mount}/`].staticRoles[0][1].rotating = true;
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  await database.given.query(`alter role ${login} password 'unknown to all'`);
  await begin();
  await expect
    .poll(async () => {
      const { data } = (await http('GET', `${mount}/static-creds/kept`)).body;
      return reads(login, data.password);
    })
    .toBe(true);
});

test('a user who can not be recorded is dropped again', async () => {
  const { mount, role, http, query } = database.given;
  await role('unrecorded');
  rmSync(directory, { recursive: true });
  const { status } = await http('GET', `${mount}/creds/unrecorded`);
  expect(status).toBe(500);
  const { rowCount } = await query('select from pg_roles where rolname like $1', [
    'v-%-unrecord-%',
  ]);
  expect(rowCount).toBe(0);
  mkdirSync(directory);
});

test('a lease that is ended while it is renewed is not renewed', async () => {
  const { role, http, query } = database.given;
  await role('undecided', { renew_statements: ['select pg_sleep(0.5) /* {{name}} */'] });
  const { lease_id, data } = await credentials('undecided');
  const renewing = http('PUT', 'sys/leases/renew', { body: { lease_id } });
  const sleeping = `select from pg_stat_activity where query like '%pg_sleep%v-%-undecide-%' and pid <> pg_backend_pid()`;
  await expect.poll(async () => (await query(sleeping)).rowCount).toBe(1);
  const revoking = http('PUT', 'sys/leases/revoke', { body: { lease_id } });
  const renewed = await renewing;
  expect([renewed.status, renewed.body.errors]).toEqual([400, ['lease expired']]);
  expect((await revoking).status).toBe(202);
  await gone(data.username);
});

test('a user is recorded though the Vault stops meanwhile', async () => {
  const { mount, role, exists } = database.given;
  await role('meanwhile', {
    creation_statements: [
      `create role "{{name}}" login password '{{password}}'`,
      'select pg_sleep(0.5)',
    ],
  });
  const asked = credentials('meanwhile').catch(() => 'cut off');
  const leases = (): { username: string }[] =>
    Object.values(JSON.parse(readFileSync(file, 'utf8')).leases);
  const { query } = database.given;
  const sleeping = `select from pg_stat_activity where query like '%v-%-meanwhil-%pg_sleep%' and pid <> pg_backend_pid()`;
  await expect.poll(async () => (await query(sleeping)).rowCount).toBe(1);
  expect(leases()).toEqual([]);
  await vault.stop();
  expect(await asked).toBe('cut off');
  const [lease] = leases();
  expect(await exists(lease?.username ?? '')).toBe(true);
  await begin();
  await database.given.http('PUT', `sys/leases/revoke-prefix/${mount}`, { body: { sync: true } });
  expect(await exists(lease?.username ?? '')).toBe(false);
});

test('a database that is away keeps nobody waiting but those who ask for it', async () => {
  const { mount, role, connection, http, exists } = database.given;
  await role('away', { default_ttl: '60s' });
  const { data, lease_id } = await credentials('away');
  // It takes connections and says nothing.
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as { port: number };
  const nowhere = {
    ...connection,
    connection_url: `postgresql://{{username}}:{{password}}@127.0.0.1:${port}/x`,
    verify_connection: false,
  };
  await http('POST', `${mount}/config/main`, { body: nowhere });
  now += 60 * SECOND;
  const begun = Date.now();
  for (let count = 0; count < 5; count += 1) expect((await knock()).status).toBe(200);
  expect(Date.now() - begun).toBeLessThan(2000);
  silent.close();
  const revoked = await http('PUT', 'sys/leases/revoke', { body: { lease_id, sync: true } });
  expect([revoked.status, await exists(data.username)]).toEqual([400, true]);
  const kept = await http('DELETE', `sys/mounts/${mount}`);
  expect([kept.status, kept.body.errors.join()]).toEqual([400, expect.stringMatching(/revoke/)]);
  await http('POST', `${mount}/config/main`, { body: connection });
  // It is tried again by itself.
  await expect.poll(() => exists(data.username), { timeout: 15_000 }).toBe(false);
});
