import { execFile } from 'node:child_process';
import { inspect, promisify } from 'node:util';
import { startVault, type VaultServer } from '@spire/servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchCredential } from '../src/index.ts';
import { stagingEnvironment } from './staging-environment.ts';

let vault: VaultServer;
beforeAll(async () => {
  vault = await startVault();
  await ask('POST', 'sys/mounts/old', { type: 'kv', options: { version: '1' } });
});
afterAll(() => vault?.stop());

async function ask(method: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': vault.rootToken },
    body: JSON.stringify(body),
  });
  return response.status === 204 ? {} : await response.json();
}

const at = (path: string, more: Record<string, string> = {}) =>
  stagingEnvironment({
    DB_HOSTNAME: 'db.example.com',
    VAULT_ADDRESS: vault.address,
    VAULT_TOKEN: vault.rootToken,
    VAULT_READ_PATH: path,
    ...more,
  });

const withoutHost = (path: string) =>
  stagingEnvironment({
    VAULT_ADDRESS: vault.address,
    VAULT_TOKEN: vault.rootToken,
    VAULT_READ_PATH: path,
  });

it("reads the organisation's fields from KV v2, with the version", async () => {
  await ask('POST', 'secret/data/team/v2', { data: { user: 'ann', pwd: 'p1', db: 'other' } });
  expect(await fetchCredential(at('secret/team/v2'))).toMatchObject({
    host: 'db.example.com',
    port: 5432,
    database: 'other',
    user: 'ann',
    origin: { kind: 'vault', path: 'secret/team/v2', version: '1' },
  });
  await ask('POST', 'secret/data/team/v2', { data: { user: 'ann', pwd: 'p2' } });
  const next = await fetchCredential(at('secret/team/v2'));
  expect([next.version, next.password.reveal(), next.database]).toEqual(['2', 'p2', 'spire_db']);
});

it('reads the usual fields from KV v1, and its version changes with the password', async () => {
  const write = (password: string) =>
    ask('POST', 'old/team/v1', {
      username: 'ben',
      password,
      host: 'h.example.com',
      port: '6000',
      database: 'd',
    });
  await write('one');
  const first = await fetchCredential(withoutHost('old/team/v1'));
  expect(first).toMatchObject({ host: 'h.example.com', port: 6000, database: 'd', user: 'ben' });
  await write('two');
  expect((await fetchCredential(withoutHost('old/team/v1'))).version).not.toBe(first.version);
});

it('lets the config file win over a host in the secret', async () => {
  await ask('POST', 'secret/data/team/host', {
    data: { user: 'a', pwd: 'b', host: 'secret.example.com' },
  });
  expect((await fetchCredential(at('secret/team/host'))).host).toBe('db.example.com');
});

it('uses the write path for writing', async () => {
  await ask('POST', 'secret/data/team/w', { data: { user: 'writer', pwd: 'b' } });
  const both = at('secret/team/v2', { VAULT_WRITE_PATH: 'secret/team/w' });
  expect((await fetchCredential(both, 'read-write')).user).toBe('writer');
  expect((await fetchCredential(both, 'read-only')).user).toBe('ann');
});

it('says that a secret is not there', async () => {
  await expect(fetchCredential(at('secret/x/y'))).rejects.toMatchObject({
    code: 'SECRET_NOT_FOUND',
    message: `Vault at ${vault.address} has no secret at secret/x/y.`,
  });
});

it('names the field that is missing', async () => {
  await ask('POST', 'secret/data/team/half', { data: { user: 'ann' } });
  await expect(fetchCredential(at('secret/team/half'))).rejects.toMatchObject({
    code: 'SECRET_MALFORMED',
    message: 'The secret at secret/team/half lacks: pwd (or password).',
  });
});

it('takes empty fields as not given', async () => {
  await ask('POST', 'secret/data/team/empty', {
    data: { username: '', user: 'ann', password: '', pwd: 'p', database: '', db: 'other' },
  });
  expect(await fetchCredential(at('secret/team/empty'))).toMatchObject({
    user: 'ann',
    database: 'other',
  });
});

it.each([
  ['port', 'canary'],
  ['port', 70000],
  ['host', 'postgres://canary@h/'],
])('refuses a secret whose %s is %s, without saying what it is', async (field, value) => {
  await ask('POST', 'secret/data/team/bad', {
    data: { user: 'a', pwd: 'b', host: 'h', [field]: value },
  });
  const error = await fetchCredential(withoutHost('secret/team/bad')).catch((e) => e);
  expect(error).toMatchObject({
    code: 'SECRET_MALFORMED',
    message: expect.stringContaining(`The field ${field} of the secret of staging: expected`),
  });
  expect(inspect(error, { depth: 9 })).not.toContain('canary');
});

const own = { DB_USER: 'me', DB_PASSWORD: 'mine' };

it('falls back to user and password of its own when Vault can not be reached', async () => {
  const gone = at('secret/team/v2', { VAULT_ADDRESS: 'http://127.0.0.1:1', ...own });
  expect(await fetchCredential(gone)).toMatchObject({ user: 'me', host: 'db.example.com' });
});

it('does not after Vault has said no', async () => {
  const denied = at('secret/team/v2', { VAULT_TOKEN: 'wrong', ...own });
  await expect(fetchCredential(denied)).rejects.toMatchObject({ code: 'VAULT_TOKEN_INVALID' });
});

it('needs no Vault when none is configured', async () => {
  const plain = stagingEnvironment({ DB_HOSTNAME: 'db.example.com', ...own });
  expect((await fetchCredential(plain)).password.reveal()).toBe('mine');
});

it('says the four ways when there is no token', async () => {
  const error = await fetchCredential(stagingEnvironment({ VAULT_ADDRESS: vault.address })).catch(
    (e) => e,
  );
  expect(error).toMatchObject({ code: 'VAULT_TOKEN_MISSING' });
  expect(error.suggestions).toHaveLength(4);
  expect(error.suggestions[3]).toBe('Ask ann@example.com.');
});

it('is told with no secret to be seen, also where everything is debugged', async () => {
  await ask('POST', 'secret/data/team/canary', { data: { user: 'ann', note: 'canary-note' } });
  const script = `
    import { inspect } from 'node:util';
    import { fetchCredential, loadEnvironment } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
    const error = await fetchCredential(loadEnvironment(process.env)).catch((error) => error);
    console.log(error.code, error.stack, inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error));`;
  const args = ['--input-type=module', '--eval', script];
  const run = await promisify(execFile)(process.execPath, args, {
    env: {
      DEBUG: '*',
      SPIRE_CONFIG_DIR: '/nowhere',
      DEPLOYMENT_ENV: 'staging',
      VAULT_ADDRESS: vault.address,
      VAULT_TOKEN: vault.rootToken,
      VAULT_READ_PATH: 'secret/team/canary',
    },
  });
  expect(run.stdout).toContain('SECRET_MALFORMED');
  expect(run.stdout + run.stderr).not.toContain('canary-note');
  expect(run.stdout + run.stderr).not.toContain(vault.rootToken);
});
