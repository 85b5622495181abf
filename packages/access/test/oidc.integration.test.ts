import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { freePort } from '@spire/servers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { logInWithOidc, openVault } from '../src/index.ts';
import { stagingEnvironment } from './staging-environment.ts';

// Vault's side of a login in the browser, as far as a client sees it; the test is the browser.

let vault: Server;
let port: number;
/** What Vault was asked for, and what it says. */
let sent: Record<string, string>;
let answers: { authUrl: string | undefined; callback: number };

beforeAll(async () => {
  vault = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '', 'http://vault');
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const say = (status: number, content: object) =>
      outgoing
        .writeHead(status, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(content));
    if (url.pathname === '/v1/auth/okta/oidc/auth_url') {
      sent = JSON.parse(body);
      return say(200, { data: { auth_url: answers.authUrl ?? '' } });
    }
    if (url.pathname === '/v1/auth/okta/oidc/callback') {
      sent = { ...sent, ...Object.fromEntries(url.searchParams) };
      const auth = { client_token: 'hvs.canary-token', lease_duration: 3600, renewable: true };
      return say(answers.callback, answers.callback === 200 ? { auth } : { errors: ['no'] });
    }
    return say(404, { errors: [] });
  });
  await new Promise<void>((resolve) => vault.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  vault?.close();
  vault?.closeAllConnections();
});
beforeEach(async () => {
  port = await freePort();
  sent = {};
  answers = { authUrl: 'https://idp.example.com/authorize?state=st-1&nonce=n', callback: 200 };
});

const client = (mount = 'okta') => {
  const address = `http://127.0.0.1:${(vault.address() as AddressInfo).port}`;
  return openVault(
    stagingEnvironment({
      VAULT_ADDRESS: address,
      VAULT_AUTH_MOUNT: mount,
      VAULT_AUTH_ROLE: 'reader',
    }),
  );
};

/** Comes back from the identity provider. */
const comesBack = (query: string, path = '/oidc/callback') =>
  fetch(`http://localhost:${port}${path}?${query}`).then(
    async (page) => [page.status, await page.text()] as const,
  );

const logIn = async (browse: () => Promise<unknown>, more = {}) => {
  const pages: Promise<unknown>[] = [];
  const onUrl = (url: string) => {
    expect(url).toBe(answers.authUrl);
    pages.push(browse());
  };
  const result = await logInWithOidc(await client(), { port, onUrl, ...more });
  await Promise.all(pages);
  return result;
};

it('exchanges what the browser brings back for a token', async () => {
  const { token, secondsLeft, renewable } = await logIn(() => comesBack('state=st-1&code=c-1'));
  expect([token.reveal(), secondsLeft, renewable]).toEqual(['hvs.canary-token', 3600, true]);
  expect(sent).toMatchObject({
    role: 'reader',
    redirect_uri: `http://localhost:${port}/oidc/callback`,
    state: 'st-1',
    code: 'c-1',
  });
  expect(sent.client_nonce).toMatch(/^[0-9a-f]{40}$/);
});

it('takes nothing from a page that does not know the state, and goes on waiting', async () => {
  const { token } = await logIn(async () => {
    expect((await comesBack('state=forged&code=c'))[0]).toBe(400);
    expect((await comesBack('code=c'))[0]).toBe(400);
    expect((await comesBack('', '/favicon.ico'))[0]).toBe(404);
    const [status, page] = await comesBack('state=st-1&code=c-1');
    expect([status, page]).toEqual([200, expect.stringContaining('Logged in')]);
  });
  expect(token.reveal()).toBe('hvs.canary-token');
});

it.each<[string, () => Promise<unknown>, object, RegExp]>([
  [
    'the provider refuses',
    () => comesBack('state=st-1&error=access_denied'),
    {},
    /identity provider refused/,
  ],
  [
    'Vault refuses what was brought',
    () => {
      answers.callback = 400;
      return comesBack('state=st-1&code=c-1');
    },
    {},
    /doesn't accept the login/,
  ],
  ['nobody comes back', async () => {}, { timeoutMillis: 100 }, /not finished within 0\.1 s/],
])('fails when %s', async (_, browse, more, message) => {
  const error = await logIn(browse, more).catch((caught) => caught);
  expect(error).toMatchObject({ code: 'LOGIN_FAILED', environment: 'staging' });
  expect(error.message).toMatch(message);
  expect(error.suggestions.join()).toMatch(/spire login -e staging --method token/);
  expect(inspect(error, { depth: 9 })).not.toMatch(/canary|c-1/);
  // Nobody listens any more.
  await expect(comesBack('state=st-1&code=c')).rejects.toThrow();
});

it('says that the port is taken, and names the flag', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  const error = await logIn(async () => {}).catch((caught) => caught);
  other.close();
  expect(error.message).toMatch(/port \d+ \(EADDRINUSE\)/);
  expect(error.suggestions[0]).toContain('--port');
});

it('says that the role may not allow the port, or that there is no such method', async () => {
  answers.authUrl = undefined;
  await expect(logIn(async () => {})).rejects.toMatchObject({
    code: 'LOGIN_FAILED',
    message: expect.stringContaining('names no page'),
  });
  const onUrl = () => {};
  await expect(logInWithOidc(await client('nowhere'), { port, onUrl })).rejects.toMatchObject({
    code: 'LOGIN_FAILED',
    message: 'Vault has no OIDC login at auth/nowhere.',
  });
});
