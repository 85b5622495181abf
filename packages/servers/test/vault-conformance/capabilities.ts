import { expect } from 'vitest';
import type { ConformanceRequest } from './prepare.ts';

/** What a token may do, as it is told itself. */
export const capabilitiesRequests: readonly ConformanceRequest[] = [
  [
    'of one path, by its name and as `capabilities`, in the data and beside it',
    async ({ vault, policy, as, http }) => {
      const name = policy();
      await vault.addPolicy({ name, rules: 'path "a/b" { capabilities = ["update", "read"] }' });
      const { token } = await as(name);
      for (const method of ['POST', 'PUT']) {
        for (const body of [{ paths: ['a/b'] }, { path: 'a/b' }, { paths: [], path: ['a/b'] }]) {
          const answer = await http(method, 'sys/capabilities-self', { token, body });
          const expected = { 'a/b': ['read', 'update'], capabilities: ['read', 'update'] };
          expect([answer.status, answer.body.data]).toEqual([200, expected]);
          expect(answer.body).toMatchObject(expected);
        }
      }
    },
  ],
  [
    'of several paths, each by its name alone',
    async ({ vault, policy, as, http }) => {
      const name = policy();
      const rules = `
        path "a/*" { capabilities = ["create", "list", "sudo", "delete"] }
        path "a/closed" { capabilities = ["deny"] }`;
      await vault.addPolicy({ name, rules });
      const { token } = await as(name);
      const expected = {
        'a/b': ['create', 'delete', 'list', 'sudo'],
        'a/closed': ['deny'],
        other: ['deny'],
      };
      for (const paths of [['a/b', 'a/closed', 'other'], 'a/b, a/closed,other']) {
        const answer = await http('POST', 'sys/capabilities-self', { token, body: { paths } });
        expect(answer.body.data).toEqual(expected);
        expect(answer.body).toMatchObject(expected);
        expect(answer.body).not.toHaveProperty('capabilities');
      }
    },
  ],
  [
    'of the root token',
    async ({ http }) => {
      const { body } = await http('POST', 'sys/capabilities-self', { body: { paths: ['x'] } });
      expect(body.data).toEqual({ x: ['root'], capabilities: ['root'] });
    },
  ],
  [
    'of no path, and without the right to ask',
    async ({ vault, policy, as, http }) => {
      for (const body of [undefined, {}, { paths: [] }, { path: '' }]) {
        const answer = await http('POST', 'sys/capabilities-self', { body });
        expect(answer.status).toBe(400);
        expect(answer.body.errors).toEqual(['paths must be supplied']);
      }
      const empty = { body: { paths: ['a', ''] } };
      expect((await http('POST', 'sys/capabilities-self', empty)).status).toBe(400);
      const name = policy();
      await vault.addPolicy({ name, rules: 'path "x" { capabilities = ["read"] }' });
      const { token } = await as(name, { no_default_policy: true });
      const refused = await http('POST', 'sys/capabilities-self', {
        token,
        body: { paths: ['x'] },
      });
      expect(refused.status).toBe(403);
    },
  ],
];
