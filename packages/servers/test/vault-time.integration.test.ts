import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startVault, type VaultServer } from '../src/vault/start-vault.ts';
import { type Conformance, prepare } from './vault-conformance/prepare.ts';

const SECOND = 1000;
let now: number;
let vault: VaultServer;
let given: Conformance;

beforeEach(async () => {
  now = Date.parse('2030-01-01T00:00:00Z');
  vault = await startVault({ now: () => now });
  given = (await prepare(vault.address, vault.rootToken)).given;
});
afterEach(() => vault.stop());

async function create(body: object, parent?: string): Promise<string> {
  const token = parent ? { token: parent } : {};
  const answer = await given.http('POST', 'auth/token/create', { body, ...token });
  return answer.body.auth.client_token;
}

async function lookup(token: string) {
  const { status, body } = await given.http('GET', 'auth/token/lookup-self', { token });
  return { status, ttl: body.data?.ttl, errors: body.errors };
}

test('a token lives until its time is up, not a millisecond longer', async () => {
  const token = await create({ policies: ['default'], ttl: '60s' });
  expect(await lookup(token)).toMatchObject({ status: 200, ttl: 60 });
  now += 60 * SECOND - 1;
  expect(await lookup(token)).toMatchObject({ status: 200, ttl: 0 });
  now += 1;
  const ended = await lookup(token);
  expect(ended.status).toBe(403);
  expect(ended.errors.join()).toContain('permission denied');
});

test('renewal counts from now and stops at the explicit maximum', async () => {
  const token = await create({ policies: ['default'], ttl: '60s', explicit_max_ttl: '100s' });
  const renew = async () =>
    (await given.http('POST', 'auth/token/renew-self', { token })).body.auth?.lease_duration;
  now += 30 * SECOND;
  expect(await renew()).toBe(60);
  now += 50 * SECOND;
  expect(await renew()).toBe(20);
  now += 20 * SECOND;
  expect((await lookup(token)).status).toBe(403);
});

test('a periodic token lives as long as it is renewed', async () => {
  const token = await create({ policies: ['default'], period: '60s' });
  for (let round = 0; round < 50; round += 1) {
    now += 59 * SECOND;
    const renewed = await given.http('POST', 'auth/token/renew-self', { token });
    expect(renewed.body.auth.lease_duration).toBe(60);
  }
  now += 60 * SECOND;
  expect((await lookup(token)).status).toBe(403);
});

test('without a ttl a token lives 32 days, and renewal gives no more', async () => {
  const token = await create({ policies: ['default'] });
  const days = 24 * 3600;
  expect(await lookup(token)).toMatchObject({ ttl: 32 * days });
  now += 31 * days * SECOND;
  const renewed = await given.http('POST', 'auth/token/renew-self', { token });
  expect(renewed.body.auth.lease_duration).toBe(days);
});

test('children end with their parent, though they had time left', async () => {
  const name = given.policy();
  const policy = 'path "auth/token/create" { capabilities = ["update"] }';
  await given.http('PUT', `sys/policies/acl/${name}`, { body: { policy } });
  const parent = await create({ policies: [name], ttl: '60s' });
  const child = await create({ ttl: '600s' }, parent);
  now += 59 * SECOND;
  expect((await lookup(child)).status).toBe(200);
  now += 1 * SECOND;
  expect((await lookup(child)).status).toBe(403);
});

test('a version is deleted after delete_version_after, the shorter of two', async () => {
  const { http, versioned } = given;
  await http('POST', `${versioned}/config`, { body: { delete_version_after: '2h' } });
  await http('POST', `${versioned}/metadata/a`, { body: { delete_version_after: '1h' } });
  await http('POST', `${versioned}/data/a`, { body: { data: { x: 1 } } });
  now += 3600 * SECOND - 1;
  expect((await http('GET', `${versioned}/data/a`)).status).toBe(200);
  now += 1;
  expect((await http('GET', `${versioned}/data/a`)).status).toBe(404);
  expect((await http('GET', `${versioned}/metadata/a`)).status).toBe(200);
});

test('a body that is too large gets its answer', async () => {
  const rawBody = `{"data": {"a": "${'x'.repeat(32 * 1024 * 1024)}"}}`;
  const { status, body } = await given.http('POST', `${given.versioned}/data/a`, { rawBody });
  expect([status, body]).toEqual([413, { errors: ['http: request body too large'] }]);
});

test('what is not supported is refused rather than ignored', async () => {
  const batch = { body: { type: 'batch', policies: ['default'] } };
  const { status, body } = await given.http('POST', 'auth/token/create', batch);
  expect(status).toBe(400);
  expect(body.errors.join()).toContain('service tokens only');
});

test('the log has who and what, but no secret', async () => {
  const entries: object[] = [];
  const logged = await startVault({
    log: (entry) => entries.push(entry),
    rootToken: 'root-canary',
  });
  try {
    const headers = { 'X-Vault-Token': 'root-canary' };
    const ask = (path: string, method = 'GET', body?: string) =>
      fetch(`${logged.address}/v1/${path}`, { headers, method, ...(body ? { body } : {}) });
    await ask('secret/data/a?x=query-canary', 'POST', '{"data": {"pwd": "body-canary"}}');
    await ask('auth/token/lookup/token-canary');
    await ask('secret/metadata/a', 'LIST');
    await ask('secret/data/a', 'POST', '{"data": {"pwd": "body-canary"}');
  } finally {
    await logged.stop();
  }
  expect(entries).toEqual([
    { method: 'POST', path: '/v1/secret/data/a', status: 200, tokenAccessor: expect.any(String) },
    {
      method: 'GET',
      path: '/v1/auth/token/lookup/…',
      status: 404,
      tokenAccessor: expect.any(String),
    },
    {
      method: 'LIST',
      path: '/v1/secret/metadata/a',
      status: 404,
      tokenAccessor: expect.any(String),
    },
    { method: 'POST', path: '/v1/secret/data/a', status: 400 },
  ]);
  expect(JSON.stringify(entries)).not.toContain('canary');
});

test('what was wrapped is gone when its time is over', async () => {
  const headers = { 'X-Vault-Wrap-TTL': '60s' };
  const { body } = await given.http('POST', 'sys/wrapping/wrap', { headers, body: { a: 1 } });
  const { token } = body.wrap_info;
  now += 60 * SECOND - 1;
  const lookup = { body: { token }, token: null };
  expect((await given.http('POST', 'sys/wrapping/lookup', lookup)).status).toBe(200);
  now += 1;
  const ended = await given.http('POST', 'sys/wrapping/unwrap', { token });
  expect([ended.status, ended.body.errors]).toEqual([
    400,
    ['wrapping token is not valid or does not exist'],
  ]);
});

test('wrapped anew, it has its whole time again', async () => {
  const headers = { 'X-Vault-Wrap-TTL': '60s' };
  const made = await given.http('POST', 'sys/wrapping/wrap', { headers, body: { a: 1 } });
  now += 60 * SECOND - 1;
  const { token } = made.body.wrap_info;
  const anew = await given.http('POST', 'sys/wrapping/rewrap', { body: { token } });
  expect(anew.body.wrap_info.creation_time).toBe(new Date(now).toISOString());
  now += 60 * SECOND - 1;
  const later = { body: { token: anew.body.wrap_info.token } };
  expect((await given.http('POST', 'sys/wrapping/unwrap', later)).body.data).toEqual({ a: 1 });
});

test('what was wrapped leaves the file when its time is over, opened or not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'vault-'));
  const file = join(directory, 'vault.json');
  const kept = await startVault({ file });
  try {
    const token = { 'X-Vault-Token': kept.rootToken };
    const response = await fetch(`${kept.address}/v1/sys/wrapping/wrap`, {
      method: 'POST',
      headers: { ...token, 'X-Vault-Wrap-TTL': '1s' },
      body: '{"pwd": "canary"}',
    });
    expect(response.status).toBe(200);
    expect(readFileSync(file, 'utf8')).toContain('canary');
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 5000 }).not.toContain('canary');
  } finally {
    await kept.stop();
    rmSync(directory, { recursive: true });
  }
});
