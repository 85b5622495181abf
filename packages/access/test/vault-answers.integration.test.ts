import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { localCertificates } from '@spire/servers';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openVault, readSecret } from '../src/index.ts';
import { answering } from './answering.ts';
import { stagingEnvironment } from './staging-environment.ts';

// What each answer means, and which of them are asked for again.

const TOKEN = 'hvs.canary-token';
const HTML = '<html>canary-body</html>';
const said = (...errors: string[]) => JSON.stringify({ errors });

afterEach(() => {
  vi.unstubAllEnvs();
});

async function read(address: string, timeoutMillis = 5000) {
  const environment = stagingEnvironment({ VAULT_ADDRESS: address, VAULT_TOKEN: TOKEN });
  return readSecret(await openVault(environment, { timeoutMillis }), 'secret/x/y');
}

describe('an answer', () => {
  it.each([
    [200, {}, HTML, 'VAULT_UNAVAILABLE', /doesn't seem to be Vault/, /sys\/health/],
    [200, {}, '{"data": {"canary-body', 'VAULT_UNAVAILABLE', /answer breaks off/, /sys\/health/],
    [200, {}, '["canary-body"]', 'VAULT_UNAVAILABLE', /doesn't seem to be Vault/, /sys\/health/],
    [200, {}, '', 'VAULT_UNAVAILABLE', /doesn't seem to be Vault/, /sys\/health/],
    [307, {}, said(), 'VAULT_STANDBY', /points to another/, /active node/],
    [400, {}, said('unknown role: x'), 'SECRET_NOT_FOUND', /unknown role: x/, /VAULT_READ_PATH/],
    [400, {}, said(`bad ${TOKEN}`), 'SECRET_NOT_FOUND', /bad \[redacted\]/, /VAULT_READ_PATH/],
    [403, {}, HTML, 'VAULT_DENIED', /refuses/, /policies/],
    [403, {}, said('permission denied'), 'VAULT_TOKEN_INVALID', /doesn't know/, /expired or was/],
    [404, {}, HTML, 'VAULT_UNAVAILABLE', /doesn't seem to be Vault/, /sys\/health/],
    [404, {}, said(), 'SECRET_NOT_FOUND', /no secret at/, /VAULT_READ_PATH/],
    [429, { 'Retry-After': '7' }, said(), 'VAULT_RATE_LIMITED', /slow down/, /in 7 s/],
    [429, {}, said(), 'VAULT_RATE_LIMITED', /slow down/, /in a while/],
    [472, {}, said(), 'VAULT_STANDBY', /disaster recovery/, /primary/],
    [473, {}, said(), 'VAULT_STANDBY', /performance standby/, /active node/],
    [474, {}, said(), 'VAULT_STANDBY', /lost the active/, /active node/],
    [500, {}, HTML, 'VAULT_UNAVAILABLE', /status 500/, /sys\/health/],
    [501, {}, said(), 'VAULT_UNINITIALIZED', /never initialized/, /active node/],
    [503, {}, said('Vault is sealed'), 'VAULT_SEALED', /sealed/, /unseal/],
    [503, {}, HTML, 'VAULT_UNAVAILABLE', /status 503/, /sys\/health/],
  ])('of %i %j %s means %s', async (status, headers, body, code, message, remedy) => {
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
    const shown = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error)].join();
    expect(shown + error.stack).not.toMatch(/canary|X-Vault-Token/);
  });

  it('that does not come is waited for no longer than it may take', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    await expect(read(`http://127.0.0.1:${port}`, 200)).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      message: expect.stringContaining('none within 200 ms'),
    });
  });

  it('of which no more comes is waited for no longer either', async () => {
    const address = await answering((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{"data": {"canary-body');
    });
    const error = await read(address, 200).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(error.message).toMatch(/none within 200 ms/);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary/);
  });

  it('that breaks off in the middle is none', async () => {
    const address = await answering((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{"data": ');
      setImmediate(() => response.destroy());
    });
    await expect(read(address)).rejects.toMatchObject({
      code: 'VAULT_UNAVAILABLE',
      message: expect.stringContaining('ECONNRESET'),
    });
  });
});

describe('a request', () => {
  it("goes without the process's namespace and prefix, which may be meant for another", async () => {
    vi.stubEnv('VAULT_NAMESPACE', 'elsewhere');
    vi.stubEnv('VAULT_PREFIX', '/elsewhere');
    const seen: unknown[] = [];
    const address = await answering(({ url, headers }, response) => {
      seen.push(url, headers['x-vault-namespace']);
      response.writeHead(404).end(said());
    });
    await expect(read(address)).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' });
    expect(seen).toEqual(['/v1/sys/internal/ui/mounts/secret/x/y', undefined]);
  });

  it('follows no redirect with the token', async () => {
    const asked = vi.fn();
    const other = await answering((_, response) => {
      asked();
      response.end('{}');
    });
    const address = await answering((_, response) => {
      response.writeHead(307, { Location: other }).end();
    });
    await expect(read(address)).rejects.toMatchObject({ code: 'VAULT_STANDBY' });
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('a certificate', () => {
  async function secured() {
    const directory = mkdtempSync(join(tmpdir(), 'spire-vault-tls-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const { certificateFile, keyFile } = await localCertificates(directory);
    const seen = vi.fn();
    const pair = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
    const server = createHttpsServer(pair, (_, response) => {
      seen();
      response.writeHead(404).end(said());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return { address: `https://127.0.0.1:${port}`, ca: join(directory, 'ca.pem'), seen };
  }

  it.each([
    ['VAULT_SKIP_VERIFY', 'true'],
    ['VAULT_SKIP_VERIFY', '1'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
  ])('that nobody vouches for is refused, whatever %s=%s says', async (name, value) => {
    vi.stubEnv(name, value);
    const { address, seen } = await secured();
    const error = await read(address).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(error.suggestions.join()).toMatch(/VAULT_CACERT/);
    expect(seen).not.toHaveBeenCalled();
  });

  it('of the authority in VAULT_CACERT is good', async () => {
    const { address, ca } = await secured();
    const environment = stagingEnvironment({
      VAULT_ADDRESS: address,
      VAULT_TOKEN: TOKEN,
      VAULT_CACERT: ca,
    });
    await expect(readSecret(await openVault(environment), 'secret/x')).rejects.toMatchObject({
      code: 'SECRET_NOT_FOUND',
    });
  });
});

describe('a subscriber', () => {
  it('learns of each request, and of no token or body', async () => {
    let down = true;
    const address = await answering(({ url }, response) => {
      if (down) return response.writeHead(500).end(said('down'));
      if (url?.includes('lookup-self')) return response.end('{"data": {"id": "canary-id"}}');
      return response.writeHead(403).end(said('canary-body'));
    });
    const events: [string, Readonly<Record<string, unknown>>][] = [];
    const names = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;
    for (const name of names) {
      const listen = (context: unknown) => events.push([name, { ...(context as object) }]);
      subscribe(`tracing:spire:vault:request:${name}`, listen);
      onTestFinished(() => void unsubscribe(`tracing:spire:vault:request:${name}`, listen));
    }
    const environment = stagingEnvironment({ VAULT_ADDRESS: address, VAULT_TOKEN: TOKEN });
    const vault = await openVault(environment);
    const body = { password: 'canary-password-0123' };
    const asking = vault.ask({ path: 'auth/x/login?code=canary-code', body });
    await vi.waitFor(() => expect(events.some(([name]) => name === 'asyncEnd')).toBe(true));
    down = false;
    await expect(asking).rejects.toMatchObject({ code: 'VAULT_DENIED' });
    const request = { environment: 'staging', address, method: 'POST', path: 'auth/x/login' };
    const ends = events.filter(([name]) => name === 'asyncEnd').map(([, context]) => context);
    expect(ends[0]).toMatchObject({ ...request, attempt: 1, status: 500 });
    expect(ends.at(-2)).toMatchObject({ ...request, status: 403 });
    expect(ends.at(-1)).toMatchObject({
      method: 'GET',
      path: 'auth/token/lookup-self',
      status: 200,
    });
    expect(inspect(events, { depth: 9, showHidden: true })).not.toMatch(/canary/);
  });

  it('learns why there was no answer', async () => {
    const statuses: unknown[] = [];
    const listen = (context: unknown) => statuses.push({ ...(context as object) });
    subscribe('tracing:spire:vault:request:asyncEnd', listen);
    onTestFinished(() => void unsubscribe('tracing:spire:vault:request:asyncEnd', listen));
    await expect(read('http://127.0.0.1:1')).rejects.toThrow();
    expect(statuses).toMatchObject([{ status: undefined, reason: 'ECONNREFUSED', attempt: 1 }]);
  });
});

describe('what fails', () => {
  /** Answers in turn, then as a Vault that has the secret; with the times at which it was asked. */
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
    (status: number, headers = {}, body = said('later')): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(body);

  it('in passing is tried again, three times in all', async () => {
    const { address, times } = await inTurn(fails(500), fails(502));
    expect((await read(address)).fields).toEqual({ user: 'ann', pwd: 'p' });
    // The third that asks for the mount, and one for the secret.
    expect(times).toHaveLength(4);
    const down = await inTurn(fails(500), fails(500), fails(500));
    await expect(read(down.address)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(down.times).toHaveLength(3);
  });

  it('since half of the answer is missing is tried again', async () => {
    const { address, times } = await inTurn(fails(200, {}, '{"data": {'));
    expect((await read(address)).fields).toEqual({ user: 'ann', pwd: 'p' });
    expect(times).toHaveLength(3);
  });

  it('since the connection breaks is tried again', async () => {
    const { address } = await inTurn((request) => request.socket.destroy());
    expect((await read(address)).fields).toEqual({ user: 'ann', pwd: 'p' });
  });

  it.each([
    ['as long as it says', { 'Retry-After': '1' }, 990],
    ['a moment where it says nothing', {}, 40],
  ])('for a quota is tried again after %s', async (_, headers, millis) => {
    const { address, times } = await inTurn(fails(429, headers));
    await read(address);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(millis);
  });

  it.each([
    [400, {}, said('no')],
    // It is asked once more, whether the token lives.
    [403, {}, said('no')],
    [404, {}, said()],
    [429, { 'Retry-After': '6' }, said()],
    [472, {}, said()],
    [473, {}, said()],
    [474, {}, said()],
    [501, {}, said()],
    [503, {}, said('Vault is sealed')],
  ])('with %i %j %s is not tried again', async (status, headers, body) => {
    const { address, times } = await inTurn(fails(status, headers, body));
    await expect(read(address)).rejects.toMatchObject({ environment: 'staging' });
    expect(times.length).toBe(status === 403 ? 2 : 1);
  });
});
