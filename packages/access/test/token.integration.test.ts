import { inspect } from 'node:util';
import { startVault, type VaultServer } from '@spire/servers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  fetchCredential,
  lookUpToken,
  openVault,
  revokeToken,
  rightsOn,
  Secret,
  unwrapToken,
  wrapChildToken,
} from '../src/index.ts';
import { stagingEnvironment } from './staging-environment.ts';

const PATH = 'secret/team/db';
let vault: VaultServer;
beforeAll(async () => {
  vault = await startVault();
  const may = (path: string, ...what: string[]) =>
    `path "${path}" { capabilities = ${JSON.stringify(what)} }`;
  const policy = [may('secret/data/team/*', 'read'), may('auth/token/create', 'update')];
  await ask('PUT', 'sys/policies/acl/reader', { policy: policy.join('\n') });
  await ask('PUT', 'sys/policies/acl/other', { policy: may('secret/data/other/*', 'read') });
});
afterAll(() => vault?.stop());

async function ask(method: string, path: string, body: object, headers = {}) {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': vault.rootToken, ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return text ? JSON.parse(text) : {};
}

async function makeToken(policies: readonly string[], ttl = '1h'): Promise<string> {
  return (await ask('POST', 'auth/token/create', { policies, ttl })).auth.client_token;
}

const environment = (token: string) =>
  stagingEnvironment({
    DB_HOSTNAME: 'db.example.com',
    VAULT_ADDRESS: vault.address,
    VAULT_TOKEN: token,
    VAULT_READ_PATH: PATH,
  });
const clientOf = (token: string) => openVault(environment(token));

describe('a token', () => {
  it('says how long it lives', async () => {
    const { secondsLeft, ...more } = await lookUpToken(await clientOf(await makeToken(['reader'])));
    expect(secondsLeft).toBeGreaterThan(3500);
    expect(more).toMatchObject({ renewable: true, policies: ['default', 'reader'] });
    expect((await lookUpToken(await clientOf(vault.rootToken))).secondsLeft).toBeUndefined();
  });

  it('that may not read the path is told from one that is gone', async () => {
    const token = await makeToken(['other']);
    await expect(fetchCredential(environment(token))).rejects.toMatchObject({
      code: 'VAULT_DENIED',
      message: `Vault at ${vault.address} refuses this token on ${PATH}.`,
    });
    await revokeToken(await clientOf(token));
    await expect(fetchCredential(environment(token))).rejects.toMatchObject({
      code: 'VAULT_TOKEN_INVALID',
    });
  });

  it('is gone at its time', async () => {
    const client = await clientOf(await makeToken(['reader'], '1s'));
    const found = () => lookUpToken(client).catch(({ code }) => code);
    await vi.waitFor(async () => expect(await found()).toBe('VAULT_TOKEN_INVALID'), 5000);
  });
});

describe('a shared token', () => {
  const share = async (life = 60) =>
    wrapChildToken(await clientOf(await makeToken(['reader'])), life);
  /** The client of somebody who has no token yet. */
  const newcomer = () => openVault(stagingEnvironment({ VAULT_ADDRESS: vault.address }));

  it('is taken once', async () => {
    const { token: wrapping, expiresAt } = await share();
    const left = expiresAt.getTime() - Date.now();
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(61_000);
    const token = await unwrapToken(await newcomer(), wrapping);
    expect(await rightsOn(await clientOf(token.reveal()), 'secret/team/db')).toMatchObject({
      apiPath: 'secret/data/team/db',
      allowed: ['read'],
    });
    const error = await unwrapToken(await newcomer(), wrapping).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'SHARED_TOKEN_USED', environment: 'staging' });
    expect(error.suggestions[0]).toMatch(/intercepted/);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(wrapping.reveal());
  });

  it('is taken by one of those who come at once', async () => {
    const { token: wrapping } = await share();
    const client = await newcomer();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => unwrapToken(client, wrapping).catch(({ code }) => code)),
    );
    expect(all.filter((one) => one instanceof Secret)).toHaveLength(1);
    expect(all.filter((one) => one === 'SHARED_TOKEN_USED')).toHaveLength(7);
  });

  it('has the rights of its parent and no longer life than was said, whoever renews it', async () => {
    const { token: wrapping } = await share(3600);
    const token = await unwrapToken(await newcomer(), wrapping);
    const { data } = await ask('POST', 'auth/token/lookup', { token: token.reveal() });
    expect(data).toMatchObject({
      policies: ['default', 'reader'],
      explicit_max_ttl: 3600,
      renewable: false,
      orphan: false,
    });
  });

  it('is on its way for a quarter of an hour at most, however long it lives', async () => {
    const { expiresAt } = await share(8 * 3600);
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(901_000);
  });

  it('ends when its parent does', async () => {
    const parent = await clientOf(await makeToken(['reader']));
    const { token: wrapping } = await wrapChildToken(parent, 60);
    const token = await unwrapToken(await newcomer(), wrapping);
    await revokeToken(parent);
    await expect(lookUpToken(await clientOf(token.reveal()))).rejects.toMatchObject({
      code: 'VAULT_TOKEN_INVALID',
    });
  });

  it('that nobody took in time can be taken no more', async () => {
    const { token: wrapping, expiresAt } = await share(1);
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(expiresAt.getTime()), 5000);
    await expect(unwrapToken(await newcomer(), wrapping)).rejects.toMatchObject({
      code: 'SHARED_TOKEN_USED',
    });
  });

  it.each([
    ['sys/wrapping/wrap', { client_token: 'hvs.forged' }],
    ['auth/token/create-orphan', { policies: ['reader'] }],
  ])('that was wrapped at %s is not taken, nor used up', async (path, body) => {
    const { wrap_info } = await ask('POST', path, body, { 'X-Vault-Wrap-TTL': '1m' });
    const wrapping = new Secret(wrap_info.token);
    for (const _ of [1, 2]) {
      await expect(unwrapToken(await newcomer(), wrapping)).rejects.toMatchObject({
        code: 'SHARED_TOKEN_INVALID',
      });
    }
  });

  it('is not made of a root token, nor by one that may make none', async () => {
    await expect(wrapChildToken(await clientOf(vault.rootToken), 60)).rejects.toMatchObject({
      code: 'VAULT_DENIED',
      message: expect.stringContaining("root token isn't shared"),
    });
    const other = await clientOf(await makeToken(['other']));
    await expect(wrapChildToken(other, 60)).rejects.toMatchObject({
      code: 'VAULT_DENIED',
      message: expect.stringContaining('auth/token/create'),
    });
  });
});
