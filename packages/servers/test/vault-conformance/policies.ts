import { expect } from 'vitest';
import { type ConformanceRequest, NOTHING } from './prepare.ts';

/** Policies on paths. */
export const policiesRequests: readonly ConformanceRequest[] = [
  [
    'policies: write, read, list, delete',
    async ({ vault, policy, http }) => {
      const [name, rules] = [policy(), 'path "a/*" { capabilities = ["read"] }'];
      const path = `sys/policies/acl/${name}`;
      expect((await http('PUT', path, { body: { policy: rules } })).status).toBe(204);
      expect((await vault.read(path)).data).toMatchObject({ name, policy: rules });
      expect((await vault.list('sys/policies/acl')).data.keys).toEqual(
        expect.arrayContaining(['default', 'root', name]),
      );
      expect((await vault.getPolicy({ name })).data).toMatchObject({ name, rules });
      const encoded = Buffer.from(rules).toString('base64');
      await vault.write(path, { policy: encoded });
      expect((await vault.read(path)).data.policy).toBe(rules);
      expect((await http('DELETE', path)).status).toBe(204);
      expect(await http('GET', path)).toMatchObject(NOTHING);
      const broken = await http('PUT', path, { body: { policy: 'path "a" {' } });
      expect(broken.status).toBe(400);
      expect(broken.body.errors.join()).toContain('failed to parse policy');
      expect((await http('DELETE', 'sys/policies/acl/default')).status).toBe(400);
    },
  ],
  [
    'policies decide, and changes hold at once',
    async ({ vault, versioned, policy, as }) => {
      const name = policy();
      const data = `${versioned}/data`;
      await vault.write(`${data}/open/a`, { data: { a: 1 } });
      await vault.addPolicy({
        name,
        rules: `
          path "${data}/open/*"      { capabilities = ["read"] }
          path "${data}/open/closed" { capabilities = ["deny"] }
          path "${versioned}/metadata/open/" { capabilities = ["list"] }`,
      });
      const reader = await as(name);
      expect((await reader.read(`${data}/open/a`)).data.data).toEqual({ a: 1 });
      expect((await reader.list(`${versioned}/metadata/open`)).data.keys).toEqual(['a']);
      const denied = [
        reader.read(`${data}/open/closed`),
        reader.read(`${data}/other`),
        reader.write(`${data}/open/a`, { data: { a: 2 } }),
        reader.delete(`${data}/open/a`),
        reader.list(`${versioned}/metadata/`),
        reader.read('no-such-mount/a'),
      ];
      for (const request of denied) {
        await expect(request).rejects.toMatchObject({
          message: expect.stringContaining('permission denied'),
          response: { statusCode: 403 },
        });
      }
      await vault.addPolicy({ name, rules: 'path "x" { capabilities = ["read"] }' });
      await expect(reader.read(`${data}/open/a`)).rejects.toThrow('permission denied');
    },
  ],
  [
    'create and update are different capabilities',
    async ({ vault, versioned, policy, as }) => {
      const name = policy();
      const rules = `path "${versioned}/data/new/*" { capabilities = ["create"] }`;
      await vault.addPolicy({ name, rules });
      const writer = await as(name);
      const path = `${versioned}/data/new/a`;
      expect((await writer.write(path, { data: { a: 1 } })).data.version).toBe(1);
      await expect(writer.write(path, { data: { a: 2 } })).rejects.toThrow('permission denied');
    },
  ],
];
