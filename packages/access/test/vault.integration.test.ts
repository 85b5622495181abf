import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { inspect } from 'node:util';
import { startVault, type VaultServer } from '@spire/servers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectVault, fetchCredential, resolveEnvironment } from '../src/index.ts';

let vault: VaultServer;
const closing: (() => void)[] = [];
beforeAll(async () => {
  vault = await startVault();
  await ask('POST', 'sys/mounts/old', { type: 'kv', options: { version: '1' } });
});
afterAll(() => vault?.stop());
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function ask(method: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${vault.address}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': vault.rootToken },
    body: JSON.stringify(body),
  });
  return response.status === 204 ? {} : await response.json();
}

function environment(texts: Record<string, string>) {
  const entries = Object.entries(texts).map(
    ([key, value], index) => [key, { value, line: index + 2 }] as const,
  );
  const config = {
    path: 'config.yml',
    activeEnvironment: undefined,
    environments: new Map([
      [
        'staging',
        { entries: new Map(entries), protected: undefined, contacts: ['ann@example.com'] },
      ],
    ]),
  };
  return resolveEnvironment({ environment: 'staging', variables: {}, config, local: undefined });
}

const at = (path: string, more: Record<string, string> = {}) =>
  environment({
    DB_HOSTNAME: 'db.example.com',
    VAULT_ADDRESS: vault.address,
    VAULT_TOKEN: vault.rootToken,
    VAULT_READ_PATH: path,
    ...more,
  });

async function answering(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('fetchCredential', () => {
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
    const first = await fetchCredential(environmentWithoutHost('old/team/v1'));
    expect(first).toMatchObject({ host: 'h.example.com', port: 6000, database: 'd', user: 'ben' });
    await write('two');
    expect((await fetchCredential(environmentWithoutHost('old/team/v1'))).version).not.toBe(
      first.version,
    );
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

  it('names the field that is missing', async () => {
    await ask('POST', 'secret/data/team/half', { data: { user: 'ann' } });
    await expect(fetchCredential(at('secret/team/half'))).rejects.toMatchObject({
      code: 'SECRET_MALFORMED',
      message: 'The secret at secret/team/half lacks: pwd (or password).',
    });
  });

  const own = { DB_USER: 'me', DB_PASSWORD: 'mine' };

  it('falls back to user and password of its own when Vault can not be reached', async () => {
    const gone = at('secret/team/v2', { VAULT_ADDRESS: 'http://127.0.0.1:1', ...own });
    expect(await fetchCredential(gone)).toMatchObject({ user: 'me', host: 'db.example.com' });
  });

  it('does not after Vault has said no', async () => {
    const denied = at('secret/team/v2', { VAULT_TOKEN: 'wrong', ...own });
    await expect(fetchCredential(denied)).rejects.toMatchObject({ code: 'VAULT_DENIED' });
  });

  it('needs no Vault when none is configured', async () => {
    const plain = environment({ DB_HOSTNAME: 'db.example.com', ...own });
    expect((await fetchCredential(plain)).password.reveal()).toBe('mine');
  });

  it('says the four ways when there is no token', async () => {
    const error = await fetchCredential(environment({ VAULT_ADDRESS: vault.address })).catch(
      (e) => e,
    );
    expect(error).toMatchObject({ code: 'VAULT_TOKEN_MISSING' });
    expect(error.suggestions).toHaveLength(4);
    expect(error.suggestions[3]).toBe('Ask ann@example.com.');
  });
});

function environmentWithoutHost(path: string) {
  return environment({
    VAULT_ADDRESS: vault.address,
    VAULT_TOKEN: vault.rootToken,
    VAULT_READ_PATH: path,
  });
}

describe('what Vault answers', () => {
  const read = async (address: string, timeoutMillis?: number) => {
    const client = await connectVault(at('secret/x/y', { VAULT_ADDRESS: address }), timeoutMillis);
    return client.readSecret('secret/x/y');
  };

  it('says that a secret is not there', async () => {
    await expect(read(vault.address)).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' });
  });

  it.each([
    [503, {}, 'VAULT_SEALED', /sealed/],
    [429, { 'Retry-After': '7' }, 'VAULT_RATE_LIMITED', /slow down/],
    [500, {}, 'VAULT_UNAVAILABLE', /status 500/],
    [403, {}, 'VAULT_DENIED', /refuses/],
  ])('says what %i means', async (status, headers, code, message) => {
    const address = await answering((_, response) => {
      response.writeHead(status, { ...headers, 'Content-Type': 'text/html' });
      response.end('<html>canary-body</html>');
    });
    const error = await read(address).catch((caught) => caught);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      environment: 'staging',
    });
    expect(inspect(error, { depth: 9 })).not.toMatch(/canary-body|X-Vault-Token/);
    expect(inspect(error, { depth: 9 })).not.toContain(vault.rootToken);
  });

  it('waits no longer than it may', async () => {
    const silent = createTcp(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closing.push(() => silent.close());
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await expect(read(`http://127.0.0.1:${port}`, 200)).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      message: expect.stringContaining('none within 200 ms'),
    });
  });

  it('follows no redirect with the token', async () => {
    let asked = 0;
    const other = await answering((_, response) => {
      asked += 1;
      response.end('{}');
    });
    const address = await answering((_, response) => {
      response.writeHead(307, { Location: other });
      response.end();
    });
    await expect(read(address)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(asked).toBe(0);
  });

  it('tells how long the token lives', async () => {
    const made = (await ask('POST', 'auth/token/create', {
      ttl: '1h',
      policies: ['default'],
    })) as {
      auth: { client_token: string };
    };
    const client = await connectVault(at('secret/x/y', { VAULT_TOKEN: made.auth.client_token }));
    const { secondsLeft, renewable } = await client.tokenStatus();
    expect(secondsLeft).toBeGreaterThan(3500);
    expect(renewable).toBe(true);
    const root = await connectVault(at('secret/x/y'));
    expect((await root.tokenStatus()).secondsLeft).toBeUndefined();
  });
});
