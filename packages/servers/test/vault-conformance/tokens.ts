import { expect } from 'vitest';
import type { ConformanceRequest } from './prepare.ts';

/** Tokens: what they may, and how long they live. */
export const tokensRequests: readonly ConformanceRequest[] = [
  [
    'tokens: create and look up',
    async ({ vault, policy, http }) => {
      const name = policy();
      await vault.addPolicy({ name, rules: 'path "x" { capabilities = ["read"] }' });
      const { auth, warnings } = await vault.write('auth/token/create', {
        policies: [name],
        ttl: '1h',
        display_name: 'a b',
        meta: { team: 'data' },
      });
      expect(warnings ?? []).toEqual([]);
      expect(auth).toMatchObject({
        policies: ['default', name].sort(),
        token_policies: ['default', name].sort(),
        metadata: { team: 'data' },
        lease_duration: 3600,
        renewable: true,
        token_type: 'service',
        orphan: false,
      });
      const { data } = await vault.tokenLookup({ token: auth.client_token });
      expect(data).toMatchObject({
        accessor: auth.accessor,
        creation_ttl: 3600,
        display_name: 'token-a-b',
        explicit_max_ttl: 0,
        id: auth.client_token,
        meta: { team: 'data' },
        num_uses: 0,
        orphan: false,
        path: 'auth/token/create',
        policies: ['default', name].sort(),
        renewable: true,
        type: 'service',
      });
      expect(data.ttl).toBeGreaterThan(3590);
      const left = Date.parse(data.expire_time) - Date.now();
      expect(left).toBeGreaterThan(3500e3);
      expect(left).toBeLessThanOrEqual(3600e3);
      const self = await http('GET', 'auth/token/lookup-self', { token: auth.client_token });
      expect(self.body.data.id).toBe(auth.client_token);
      const bad = await http('POST', 'auth/token/lookup', { body: { token: 'hvs.wrong' } });
      expect([bad.status, bad.body]).toEqual([403, { errors: ['bad token'] }]);
    },
  ],
  [
    'tokens: the root token',
    async ({ vault }) => {
      const { data } = await vault.tokenLookupSelf();
      expect(data).toMatchObject({ policies: ['root'], ttl: 0, expire_time: null, orphan: true });
    },
  ],
  [
    'tokens: a policy that is not there is a warning',
    async ({ vault, policy }) => {
      const name = policy();
      const { warnings } = await vault.write('auth/token/create', { policies: [name], ttl: '1m' });
      expect(warnings).toEqual([`Policy "${name}" does not exist`]);
    },
  ],
  [
    'tokens: a child may not have more than its parent',
    async ({ vault, policy, as }) => {
      const [name, other] = [policy(), policy()];
      const rules = 'path "auth/token/create" { capabilities = ["update"] }';
      await vault.addPolicy({ name, rules });
      await vault.addPolicy({ name: other, rules });
      const parent = await as(name);
      const refused: [object, string][] = [
        [{ policies: [other] }, 'child policies must be subset of parent'],
        [{ policies: ['root'] }, 'child policies must be subset of parent'],
        [{ no_parent: true }, 'root or sudo privileges required to create orphan token'],
        [{ period: '1h' }, 'root or sudo privileges required to create periodic token'],
        [{ id: 'chosen' }, 'root or sudo privileges required to specify token id'],
      ];
      for (const [body, message] of refused) {
        await expect(parent.write('auth/token/create', body)).rejects.toMatchObject({
          message,
          response: { statusCode: 400 },
        });
      }
      const child = await parent.write('auth/token/create', { policies: [name] });
      expect(child.auth.policies).toEqual(['default', name].sort());
      const heir = await parent.write('auth/token/create', {});
      expect(heir.auth.policies).toEqual(['default', name].sort());
    },
  ],
  [
    'tokens: sudo may make orphans and periodic tokens, but not root ones',
    async ({ vault, policy, as }) => {
      const name = policy();
      const rules = 'path "auth/token/create*" { capabilities = ["update", "sudo"] }';
      await vault.addPolicy({ name, rules });
      const admin = await as(name);
      const made = await admin.write('auth/token/create', { period: '1h', no_parent: true });
      expect(made.auth).toMatchObject({ orphan: true, lease_duration: 3600 });
      await expect(admin.write('auth/token/create', { policies: ['root'] })).rejects.toThrow(
        'root tokens may not be created without parent token being root',
      );
      const orphan = await admin.write('auth/token/create-orphan', { ttl: '1m' });
      expect(orphan.auth.orphan).toBe(true);
      for (const { auth } of [made, orphan]) {
        await vault.tokenRevoke({ token: auth.client_token });
      }
    },
  ],
  [
    'tokens: revoking a parent revokes its children, not its orphans',
    async ({ vault, policy, as, http }) => {
      const name = policy();
      const rules = 'path "auth/token/create*" { capabilities = ["update", "sudo"] }';
      await vault.addPolicy({ name, rules });
      const parent = await as(name);
      const child = await as(name, { through: parent });
      const grandchild = await as(name, { through: child });
      const orphan = await parent.write('auth/token/create-orphan', { ttl: '1m' });
      const status = async (token: string) =>
        (await http('GET', 'auth/token/lookup-self', { token })).status;
      expect(await status(grandchild.token)).toBe(200);
      const revoked = await http('POST', 'auth/token/revoke', { body: { token: parent.token } });
      expect(revoked.status).toBe(204);
      for (const { token } of [parent, child, grandchild]) expect(await status(token)).toBe(403);
      expect(await status(orphan.auth.client_token)).toBe(200);
      const self = { token: orphan.auth.client_token };
      expect((await http('POST', 'auth/token/revoke-self', self)).status).toBe(204);
      expect(await status(orphan.auth.client_token)).toBe(403);
    },
  ],
  [
    'tokens: a number of uses',
    async ({ vault, policy, as, http }) => {
      const name = policy();
      await vault.addPolicy({ name, rules: 'path "auth/token/*" { capabilities = ["read"] }' });
      const { token } = await as(name, { num_uses: 2 });
      const use = async (path: string) => (await http('GET', path, { token })).status;
      // What is denied is a use too; what needs no token is none.
      expect(await use('sys/health')).toBe(200);
      expect(await use('auth/token/lookup-self')).toBe(200);
      expect(await use('no-such-mount/a')).toBe(403);
      expect(await use('auth/token/lookup-self')).toBe(403);
    },
  ],
  [
    'tokens: renewal',
    async ({ vault, policy, http }) => {
      const name = policy();
      await vault.addPolicy({ name, rules: 'path "x" { capabilities = ["read"] }' });
      const create = async (terms: object) =>
        (await vault.write('auth/token/create', { policies: [name], ...terms })).auth.client_token;
      const usual = await create({ ttl: '1h' });
      expect(
        (await vault.write('auth/token/renew', { token: usual, increment: '2h' })).auth,
      ).toMatchObject({
        client_token: usual,
        lease_duration: 7200,
        renewable: true,
      });
      const self = await http('POST', 'auth/token/renew-self', { token: usual });
      expect(self.body.auth.lease_duration).toBe(3600);

      const bound = await create({ ttl: '1h', explicit_max_ttl: '90m' });
      const capped = await vault.write('auth/token/renew', { token: bound, increment: '10h' });
      expect(capped.auth.lease_duration).toBeLessThanOrEqual(5400);
      expect(capped.auth.lease_duration).toBeGreaterThan(5390);
      expect(capped.warnings.join()).toContain('exceeded the effective max_ttl');

      const periodic = await create({ period: '30m' });
      const renewed = await vault.write('auth/token/renew', { token: periodic, increment: '10h' });
      expect(renewed.auth.lease_duration).toBe(1800);

      const fixed = await create({ ttl: '1h', renewable: false });
      const refused = await http('POST', 'auth/token/renew', { body: { token: fixed } });
      expect(refused.status).toBe(400);
      expect(refused.body.errors.join()).toContain('lease is not renewable');
    },
  ],
  [
    'tokens: an end',
    async ({ vault, policy, http }) => {
      const name = policy();
      const { auth } = await vault.write('auth/token/create', { policies: [name], ttl: '1s' });
      const token = auth.client_token;
      const status = async () => (await http('GET', 'auth/token/lookup-self', { token })).status;
      expect(await status()).toBe(200);
      await expect.poll(status, { timeout: 5000, interval: 50 }).toBe(403);
    },
  ],
];
