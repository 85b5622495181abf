import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCredentials, Secret, type ServiceAuth } from '../src/index.ts';
import { answering } from './answering.ts';
import { stagingEnvironment } from './staging-environment.ts';

// Vault's side of a service's login, as far as a client sees it.

let directory: string;
let jwtFile: string;
/** What Vault was asked for, and what it says to a login. */
let asked: { url: string | undefined; token: unknown; body: string }[];
let answer: { status: number; body: object };
let address: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'spire-jwt-'));
  jwtFile = join(directory, 'jwt');
  writeFileSync(jwtFile, 'canary.jwt.one\n');
  asked = [];
  answer = { status: 200, body: { auth: { client_token: 'hvs.canary', lease_duration: 3600 } } };
  const secret = { data: { path: 'secret/', type: 'kv', user: 'ann', pwd: 'p' } };
  address = await answering(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    asked.push({ url: incoming.url, token: incoming.headers['x-vault-token'], body });
    const isLogin = incoming.url?.endsWith('/login');
    outgoing.writeHead(isLogin ? answer.status : 200);
    outgoing.end(JSON.stringify(isLogin ? answer.body : secret));
  });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function logIn(auth: ServiceAuth): Promise<void> {
  const environment = stagingEnvironment({ DB_HOSTNAME: 'h', VAULT_ADDRESS: address });
  await using credentials = openCredentials(environment, { auth });
  await credentials.get();
}

const appRole = { method: 'approle', roleId: 'r-1', secretId: 'canary-secret-id' } as const;

it.each<[ServiceAuth, string, object]>([
  [appRole, 'approle', { role_id: 'r-1', secret_id: 'canary-secret-id' }],
  [
    { ...appRole, secretId: new Secret('canary-hidden'), mount: 'team/approle' },
    'team/approle',
    { role_id: 'r-1', secret_id: 'canary-hidden' },
  ],
  [{ method: 'jwt', role: 'reader' }, 'jwt', { role: 'reader', jwt: 'canary.jwt.one' }],
  [
    { method: 'kubernetes', role: 'reader', mount: 'k8s' },
    'k8s',
    { role: 'reader', jwt: 'canary.jwt.one' },
  ],
])('logs in with %o, reads with the token that it got, and ends it', async (auth, mount, body) => {
  await logIn(auth.method === 'approle' ? auth : { ...auth, jwtFile });
  const [login, ...others] = asked;
  expect(login).toEqual({
    url: `/v1/auth/${mount}/login`,
    token: undefined,
    body: JSON.stringify(body),
  });
  expect(new Set(others.map(({ token }) => token))).toEqual(new Set(['hvs.canary']));
  expect(others.at(-1)?.url).toBe('/v1/auth/token/revoke-self');
});

it('reads the JWT at each login, since it is renewed in place', async () => {
  const auth = { method: 'jwt', role: 'reader', jwtFile } as const;
  await logIn(auth);
  writeFileSync(jwtFile, 'canary.jwt.two');
  await logIn(auth);
  const logins = asked.filter(({ url }) => url === '/v1/auth/jwt/login');
  expect(logins.map(({ body }) => JSON.parse(body).jwt)).toEqual([
    'canary.jwt.one',
    'canary.jwt.two',
  ]);
});

const errors = (text: string) => ({ errors: [text] });
const jwt = (file: string): ServiceAuth => ({ method: 'jwt', role: 'x', jwtFile: file });

it.each<[string, ServiceAuth | undefined, number, object, string, RegExp]>([
  ['a wrong role', undefined, 400, errors('role "x" not found'), 'LOGIN_FAILED', /accept/],
  ['a wrong secret', appRole, 400, errors('canary-secret-id'), 'LOGIN_FAILED', /auth\/approle/],
  ['a mount that is not there', appRole, 403, errors('denied'), 'LOGIN_FAILED', /accept/],
  ['an answer without a token', appRole, 200, { auth: null }, 'LOGIN_FAILED', /no token/],
  ['a sealed Vault', appRole, 503, errors('Vault is sealed'), 'VAULT_SEALED', /sealed/],
  ['a JWT that is not there', jwt('/nowhere/jwt'), 200, {}, 'LOGIN_FAILED', /ENOENT/],
  ['a directory for a JWT', jwt('/'), 200, {}, 'LOGIN_FAILED', /EISDIR/],
])('says what is wrong with %s', async (_, auth, status, body, code, message) => {
  answer = { status, body };
  const error = await logIn(auth ?? jwt(jwtFile)).catch((caught) => caught);
  expect(error).toMatchObject({ code, environment: 'staging' });
  expect(error.message).toMatch(message);
  expect(error.suggestions).not.toEqual([]);
  expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toMatch(
    /canary/,
  );
});
