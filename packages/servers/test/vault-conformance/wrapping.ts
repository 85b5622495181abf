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
    'a token that wraps can do nothing else',
    async ({ versioned, http }) => {
      const headers = { 'X-Vault-Wrap-TTL': '60s' };
      const { body } = await http('POST', 'sys/wrapping/wrap', { headers, body: { a: 1 } });
      const { token, creation_path } = body.wrap_info;
      expect(creation_path).toBe('sys/wrapping/wrap');
      expect((await http('GET', `${versioned}/data/wrapped`, { token })).status).toBe(403);
      const anew = await http('POST', 'sys/wrapping/rewrap', { body: { token } });
      expect(anew.body.wrap_info).toMatchObject({ ttl: 60, creation_path: 'sys/wrapping/wrap' });
      expect((await http('POST', 'sys/wrapping/unwrap', { token })).status).toBe(400);
      const last = await http('POST', 'sys/wrapping/unwrap', { token: anew.body.wrap_info.token });
      expect(last.body.data).toEqual({ a: 1 });
    },
  ],
  [
    'errors are not wrapped, and to wrap needs a time',
    async ({ versioned, http }) => {
      const headers = { 'X-Vault-Wrap-TTL': '60s' };
      const missing = await http('GET', `${versioned}/data/not-there`, { headers });
      expect([missing.status, missing.body.errors]).toEqual([404, []]);
      const untimed = await http('POST', 'sys/wrapping/wrap', { body: { a: 1 } });
      expect(untimed.status).toBe(400);
      expect(untimed.body.errors.join()).toContain(
        'endpoint requires response wrapping to be used',
      );
    },
  ],
];
