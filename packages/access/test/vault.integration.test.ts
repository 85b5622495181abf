import { execFile } from 'node:child_process';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { inspect, promisify } from 'node:util';
import { startVault, type VaultServer } from '@spire/servers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  fetchCredential,
  lookUpToken,
  openVault,
  readSecret,
  resolveEnvironment,
} from '../src/index.ts';

let vault: VaultServer;
const closing: (() => void)[] = [];
beforeAll(async () => {
  vault = await startVault();
  await ask('POST', 'sys/mounts/old', { type: 'kv', options: { version: '1' } });
});
afterAll(() => vault?.stop());
afterEach(() => {
  vi.unstubAllEnvs();
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
    const error = await fetchCredential(environmentWithoutHost('secret/team/bad')).catch((e) => e);
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

async function tokenFor(policies: readonly string[], ttl: string): Promise<string> {
  const made = await ask('POST', 'auth/token/create', { policies, ttl });
  return (made as { auth: { client_token: string } }).auth.client_token;
}

describe('what Vault answers', () => {
  const read = async (address: string, timeoutMillis?: number) => {
    const patience = timeoutMillis === undefined ? {} : { timeoutMillis };
    const client = await openVault(at('secret/x/y', { VAULT_ADDRESS: address }), patience);
    return readSecret(client, 'secret/x/y');
  };

  it('says that a secret is not there', async () => {
    await expect(read(vault.address)).rejects.toMatchObject({
      code: 'SECRET_NOT_FOUND',
      message: `Vault at ${vault.address} has no secret at secret/x/y.`,
    });
  });

  it('names the path that was meant when the token may not read it', async () => {
    const token = await tokenFor(['default'], '1h');
    const denied = fetchCredential(at('secret/team/v2', { VAULT_TOKEN: token }));
    await expect(denied).rejects.toMatchObject({
      code: 'VAULT_DENIED',
      message: `Vault at ${vault.address} refuses this token on secret/team/v2.`,
    });
  });

  it('is a no when the token has expired', async () => {
    const token = await tokenFor(['root'], '1s');
    const client = await openVault(at('secret/team/v2', { VAULT_TOKEN: token }));
    await vi.waitFor(
      () =>
        expect(readSecret(client, 'secret/team/v2')).rejects.toMatchObject({
          code: 'VAULT_TOKEN_INVALID',
        }),
      { timeout: 5000 },
    );
  });

  it.each([200, 404])('says when it is no Vault that answers, with status %i', async (status) => {
    const address = await answering((_, response) => {
      response.writeHead(status, { 'Content-Type': 'text/html' }).end('<html>canary-body</html>');
    });
    const error = await read(address).catch((caught) => caught);
    expect(error).toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      message: expect.stringContaining(`doesn't seem to be Vault (status ${status})`),
    });
    expect(inspect(error, { depth: 9 })).not.toContain('canary-body');
  });

  it('says how long it asks to wait', async () => {
    const address = await answering((_, response) => {
      response.writeHead(429, { 'Retry-After': '7' }).end('{"errors":[]}');
    });
    await expect(read(address)).rejects.toMatchObject({ suggestions: ['Try again in 7 s.'] });
  });

  it("asks without the process's namespace and prefix, which may be meant for another", async () => {
    vi.stubEnv('VAULT_NAMESPACE', 'elsewhere');
    vi.stubEnv('VAULT_PREFIX', '/elsewhere');
    const seen: unknown[] = [];
    const address = await answering(({ url, headers }, response) => {
      seen.push(url, headers['x-vault-namespace']);
      response.writeHead(404).end('{"errors":[]}');
    });
    await expect(read(address)).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' });
    expect(seen).toEqual(['/v1/sys/internal/ui/mounts/secret/x/y', undefined]);
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

  const html = '<html>canary-body</html>';
  const said = (...errors: string[]) => JSON.stringify({ errors });

  it.each([
    [307, {}, said(), 'VAULT_STANDBY', /points to another/, /active node/],
    [400, {}, said('unknown role: x'), 'SECRET_NOT_FOUND', /unknown role: x/, /VAULT_READ_PATH/],
    [403, {}, html, 'VAULT_DENIED', /refuses/, /policies/],
    [403, {}, said('permission denied'), 'VAULT_TOKEN_INVALID', /doesn't know/, /expired or was/],
    [404, {}, said(), 'SECRET_NOT_FOUND', /no secret at/, /VAULT_READ_PATH/],
    [429, { 'Retry-After': '7' }, said(), 'VAULT_RATE_LIMITED', /slow down/, /in 7 s/],
    [472, {}, said(), 'VAULT_STANDBY', /disaster recovery/, /active node/],
    [473, {}, said(), 'VAULT_STANDBY', /performance standby/, /active node/],
    [474, {}, said(), 'VAULT_STANDBY', /lost the active/, /active node/],
    [500, {}, html, 'VAULT_UNAVAILABLE', /status 500/, /sys\/health/],
    [501, {}, said(), 'VAULT_UNINITIALIZED', /never initialized/, /active node/],
    [503, {}, said('Vault is sealed'), 'VAULT_SEALED', /sealed/, /unseal/],
    [503, {}, html, 'VAULT_UNAVAILABLE', /status 503/, /sys\/health/],
  ])('says what %i %j %s means', async (status, headers, body, code, message, remedy) => {
    const address = await answering((_, response) => {
      response.writeHead(status, { ...headers, 'Content-Type': 'text/html' }).end(body);
    });
    const error = await read(address).catch((caught) => caught);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      environment: 'staging',
    });
    expect(error.suggestions.join()).toMatch(remedy);
    expect(inspect(error, { depth: 9 })).not.toMatch(/canary-body|X-Vault-Token/);
    expect(inspect(error, { depth: 9 })).not.toContain(vault.rootToken);
  });

  /** Answers in turn, then as a Vault that has the secret. */
  async function inTurn(...answers: readonly RequestListener[]) {
    const times: number[] = [];
    const address = await answering((request, response) => {
      times.push(performance.now());
      const next = answers[times.length - 1];
      if (next) return next(request, response);
      const mount = { data: { path: 'secret/', type: 'kv', options: { version: '1' } } };
      const data = request.url?.includes('internal') ? mount : { data: { user: 'ann', pwd: 'p' } };
      return response.end(JSON.stringify(data));
    });
    return { address, times };
  }
  const fails =
    (status: number, headers = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(said('later'));

  it('tries again what fails in passing, three times in all', async () => {
    const { address, times } = await inTurn(fails(500), fails(502));
    expect((await read(address)).fields).toEqual({ user: 'ann', pwd: 'p' });
    expect(times).toHaveLength(4);
    const down = await inTurn(fails(500), fails(500), fails(500));
    await expect(read(down.address)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(down.times).toHaveLength(3);
  });

  it('tries again when the connection breaks', async () => {
    const { address } = await inTurn((request) => request.socket.destroy());
    expect((await read(address)).fields).toEqual({ user: 'ann', pwd: 'p' });
  });

  it('waits as long as a quota says', async () => {
    const { address, times } = await inTurn(fails(429, { 'Retry-After': '1' }));
    await read(address);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it.each([400, 403, 404, 472, 501])('does not try %i again', async (status) => {
    const { address, times } = await inTurn(fails(status));
    await expect(read(address)).rejects.toMatchObject({ environment: 'staging' });
    // With 403 it asks once more whether the token lives.
    expect(times.length).toBe(status === 403 ? 2 : 1);
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
    await expect(read(address)).rejects.toMatchObject({ code: 'VAULT_STANDBY' });
    expect(asked).toBe(0);
  });

  it('tells how long the token lives', async () => {
    const token = await tokenFor(['default'], '1h');
    const client = await openVault(at('secret/x/y', { VAULT_TOKEN: token }));
    const { secondsLeft, renewable } = await lookUpToken(client);
    expect(secondsLeft).toBeGreaterThan(3500);
    expect(renewable).toBe(true);
    const root = await openVault(at('secret/x/y'));
    expect((await lookUpToken(root)).secondsLeft).toBeUndefined();
  });
});
