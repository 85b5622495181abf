import nodeVault from 'node-vault';
import { expect } from 'vitest';
import type { ConformanceRequest } from './prepare.ts';

const GONE = ['wrapping token is not valid or does not exist'];

/** Answers that are wrapped, and taken out once. */
export const wrappingRequests: readonly ConformanceRequest[] = [
  [
    'a wrapped answer: its token, and nothing of what it says',
    async ({ vault, versioned, http }) => {
      await vault.write(`${versioned}/data/wrapped`, { data: { a: 1 } });
      const headers = { 'X-Vault-Wrap-TTL': '15m' };
      const { status, body } = await http('GET', `${versioned}/data/wrapped`, { headers });
      expect([status, body.data, body.auth]).toEqual([200, null, null]);
      expect(body.wrap_info).toMatchObject({
        token: expect.stringMatching(/^(hvs|s)\./),
        ttl: 900,
        creation_path: `${versioned}/data/wrapped`,
      });
      expect(body.wrap_info).not.toHaveProperty('wrapped_accessor');
      const { token } = body.wrap_info;
      const looked = await http('POST', 'sys/wrapping/lookup', { body: { token }, token: null });
      expect(looked.body.data).toMatchObject({
        creation_path: `${versioned}/data/wrapped`,
        creation_ttl: 900,
      });
      const unwrapped = await http('POST', 'sys/wrapping/unwrap', { token });
      expect(unwrapped.body.data).toMatchObject({ data: { a: 1 } });
    },
  ],
  [
    'it is taken out once, by whichever way',
    async ({ http }) => {
      const headers = { 'X-Vault-Wrap-TTL': '60' };
      const made = await http('POST', 'auth/token/create', {
        headers,
        body: { policies: ['default'], ttl: '60s' },
      });
      const { token, creation_path, wrapped_accessor } = made.body.wrap_info;
      expect(creation_path).toBe('auth/token/create');
      const taken = await http('POST', 'sys/wrapping/unwrap', { body: { token } });
      expect(taken.body.auth).toMatchObject({ accessor: wrapped_accessor });
      for (const way of [{ body: { token } }, { body: { token }, token: null as null }]) {
        const again = await http('POST', 'sys/wrapping/lookup', way);
        expect([again.status, again.body.errors]).toEqual([400, GONE]);
      }
      const again = await http('POST', 'sys/wrapping/unwrap', { token });
      expect(again.status).toBe(400);
      await http('POST', 'auth/token/revoke', {
        body: { token: taken.body.auth.client_token },
      });
    },
  ],
  [
    'a token that wraps can do nothing else, and is gone once that was tried',
    async ({ versioned, http }) => {
      for (const [method, path] of [
        ['GET', `${versioned}/data/wrapped`],
        ['GET', 'auth/token/lookup-self'],
        ['POST', 'sys/capabilities-self'],
        ['POST', 'auth/token/create'],
        ['POST', 'sys/wrapping/rewrap'],
      ] as const) {
        const headers = { 'X-Vault-Wrap-TTL': '60s' };
        const { body } = await http('POST', 'sys/wrapping/wrap', { headers, body: { a: 1 } });
        const { token } = body.wrap_info;
        expect((await http(method, path, { token })).status).toBe(403);
        const gone = await http('POST', 'sys/wrapping/unwrap', { body: { token } });
        expect([gone.status, gone.body.errors]).toEqual([400, GONE]);
      }
    },
  ],
  [
    'wrapped anew: another token for as long again, and the former is gone',
    async ({ http }) => {
      const headers = { 'X-Vault-Wrap-TTL': '60s' };
      const { body } = await http('POST', 'sys/wrapping/wrap', { headers, body: { a: 1 } });
      const { token, creation_path } = body.wrap_info;
      expect(creation_path).toBe('sys/wrapping/wrap');
      const anew = await http('POST', 'sys/wrapping/rewrap', { body: { token } });
      expect(anew.body.wrap_info).toMatchObject({ ttl: 60, creation_path: 'sys/wrapping/wrap' });
      const former = await http('POST', 'sys/wrapping/unwrap', { body: { token } });
      expect([former.status, former.body.errors]).toEqual([400, GONE]);
      const last = await http('POST', 'sys/wrapping/unwrap', { token: anew.body.wrap_info.token });
      expect(last.body.data).toEqual({ a: 1 });
      // Unlike what `sys` answers itself, what it wrapped isn't at the top too.
      expect(last.body).not.toHaveProperty('a');
    },
  ],
  [
    'the time as Vault writes times',
    async ({ http }) => {
      for (const time of ['15m', '900s', '900']) {
        const headers = { 'X-Vault-Wrap-TTL': time };
        const { body } = await http('GET', 'auth/token/lookup-self', { headers });
        expect([body.wrap_info.ttl, body.data]).toEqual([900, null]);
      }
      for (const time of ['soon', '-1s']) {
        const headers = { 'X-Vault-Wrap-TTL': time };
        const { status, body } = await http('GET', 'auth/token/lookup-self', { headers });
        expect(status).toBe(400);
        expect(body.errors.join()).toContain('error parsing X-Vault-Wrap-TTL header: ');
      }
    },
  ],
  [
    'node-vault takes it out with the token as its own, and an empty body',
    async ({ vault, http }) => {
      const headers = { 'X-Vault-Wrap-TTL': '60s' };
      const made = await http('POST', 'sys/wrapping/wrap', { headers, body: { a: 1 } });
      const { token } = made.body.wrap_info;
      const bearer = nodeVault({ endpoint: vault.endpoint, token });
      expect(await bearer.unwrap()).toMatchObject({ data: { a: 1 }, wrap_info: null });
      await expect(bearer.unwrap()).rejects.toThrow(GONE[0]);
    },
  ],
  [
    'to take out for oneself needs the right to, and a refusal takes nothing',
    async ({ vault, policy, as, http }) => {
      const name = policy();
      await vault.addPolicy({ name, rules: 'path "x" { capabilities = ["read"] }' });
      const without = await as(name, { no_default_policy: true });
      const usual = await as(name);
      const headers = { 'X-Vault-Wrap-TTL': '60s' };
      const made = await http('POST', 'sys/wrapping/wrap', { headers, body: { a: 1 } });
      const body = { token: made.body.wrap_info.token };
      for (const [path, token] of [
        ['sys/wrapping/unwrap', without.token],
        ['sys/wrapping/unwrap', null],
        ['sys/wrapping/rewrap', usual.token],
      ] as const) {
        expect((await http('POST', path, { body, token })).status).toBe(403);
      }
      const taken = await http('POST', 'sys/wrapping/unwrap', { body, token: usual.token });
      expect(taken.body.data).toEqual({ a: 1 });
    },
  ],
  [
    'neither errors nor nothing are wrapped, and to wrap needs a time',
    async ({ versioned, http }) => {
      const headers = { 'X-Vault-Wrap-TTL': '60s' };
      const missing = await http('GET', `${versioned}/data/not-there`, { headers });
      expect([missing.status, missing.body.errors]).toEqual([404, []]);
      const refused = await http('GET', `${versioned}/data/a`, { headers, token: 'hvs.wrong' });
      expect([refused.status, refused.body.wrap_info]).toEqual([403, undefined]);
      const nothing = await http('DELETE', `${versioned}/data/not-there`, { headers });
      expect([nothing.status, nothing.body]).toEqual([204, undefined]);
      const health = await http('GET', 'sys/health', { headers, token: null });
      expect(health.body).toMatchObject({ initialized: true });
      const untimed = await http('POST', 'sys/wrapping/wrap', { body: { a: 1 } });
      expect(untimed.status).toBe(400);
      expect(untimed.body.errors.join()).toContain(
        'endpoint requires response wrapping to be used',
      );
    },
  ],
];
