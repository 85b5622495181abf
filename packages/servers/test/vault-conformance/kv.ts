import { expect } from 'vitest';
import { type ConformanceRequest, NOTHING } from './prepare.ts';

/** Key/value secrets, versions 1 and 2. */
export const kvRequests: readonly ConformanceRequest[] = [
  [
    'KV 2: write, read, versions',
    async ({ vault, versioned, http }) => {
      const path = `${versioned}/data/team/db`;
      const first = await vault.write(path, {
        data: { user: 'a', port: 5432, nested: { x: [1] } },
      });
      expect(first.data).toEqual({
        created_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        custom_metadata: null,
        deletion_time: '',
        destroyed: false,
        version: 1,
      });
      await vault.write(path, { data: { user: 'b' } });
      expect((await vault.read(path)).data).toEqual({
        data: { user: 'b' },
        metadata: expect.objectContaining({ version: 2, destroyed: false, deletion_time: '' }),
      });
      const old = await vault.read(`${path}?version=1`);
      expect(old.data.data).toEqual({ user: 'a', port: 5432, nested: { x: [1] } });
      expect(await http('GET', `${path}?version=9`)).toMatchObject(NOTHING);
      expect(await http('GET', `${versioned}/data/missing`)).toMatchObject(NOTHING);
      const empty = await http('POST', path, { body: {} });
      expect([empty.status, empty.body]).toEqual([400, { errors: ['no data provided'] }]);
    },
  ],
  [
    'KV 2: check-and-set',
    async ({ vault, versioned, http }) => {
      const path = `${versioned}/data/cas`;
      await vault.write(path, { options: { cas: 0 }, data: { a: 1 } });
      const again = await http('POST', path, { body: { options: { cas: 0 }, data: { a: 2 } } });
      expect(again.status).toBe(400);
      expect(again.body.errors).toEqual([
        'check-and-set parameter did not match the current version',
      ]);
      const next = await vault.write(path, { options: { cas: 1 }, data: { a: 3 } });
      expect(next.data.version).toBe(2);
      await vault.write(`${versioned}/metadata/cas`, { cas_required: true });
      const without = await http('POST', path, { body: { data: { a: 4 } } });
      expect(without.status).toBe(400);
      expect(without.body.errors).toEqual(['check-and-set parameter required for this call']);
    },
  ],
  [
    'KV 2: delete, undelete, destroy',
    async ({ vault, versioned, http }) => {
      const path = `${versioned}/data/gone`;
      await vault.write(path, { data: { a: 1 } });
      expect((await http('DELETE', path)).status).toBe(204);
      const deleted = await http('GET', path);
      expect(deleted.status).toBe(404);
      expect(deleted.body.errors).toBeUndefined();
      expect(deleted.body.data).toMatchObject({ data: null, metadata: { version: 1 } });
      expect(deleted.body.data.metadata.deletion_time).toMatch(/^\d{4}-/);

      await vault.write(`${versioned}/undelete/gone`, { versions: [1] });
      expect((await vault.read(path)).data.data).toEqual({ a: 1 });
      await vault.write(path, { data: { a: 2 } });
      const some = await http('POST', `${versioned}/delete/gone`, { body: { versions: [1] } });
      expect(some.status).toBe(204);
      expect((await http('GET', `${path}?version=1`)).status).toBe(404);
      expect((await vault.read(path)).data.data).toEqual({ a: 2 });

      expect(
        (await http('PUT', `${versioned}/destroy/gone`, { body: { versions: '2' } })).status,
      ).toBe(204);
      await vault.write(`${versioned}/undelete/gone`, { versions: [2] });
      const destroyed = await http('GET', path);
      expect(destroyed.status).toBe(404);
      expect(destroyed.body.data).toMatchObject({ data: null, metadata: { destroyed: true } });
      const none = await http('POST', `${versioned}/destroy/gone`, { body: {} });
      expect([none.status, none.body]).toEqual([400, { errors: ['No version number provided'] }]);
      expect((await http('DELETE', `${versioned}/data/missing`)).status).toBe(204);
    },
  ],
  [
    'KV 2: metadata',
    async ({ vault, versioned, http }) => {
      const path = `${versioned}/metadata/described`;
      const custom_metadata = { owner: 'data' };
      expect(
        (await http('POST', path, { body: { max_versions: 2, custom_metadata } })).status,
      ).toBe(204);
      for (const a of [1, 2, 3]) await vault.write(`${versioned}/data/described`, { data: { a } });
      const { data } = await vault.read(path);
      expect(data).toMatchObject({
        cas_required: false,
        current_version: 3,
        custom_metadata,
        delete_version_after: '0s',
        max_versions: 2,
        oldest_version: 2,
      });
      expect(Object.keys(data.versions)).toEqual(['2', '3']);
      expect(data.versions['3']).toMatchObject({ deletion_time: '', destroyed: false });
      const read = await vault.read(`${versioned}/data/described`);
      expect(read.data.metadata.custom_metadata).toEqual(custom_metadata);
      expect((await http('DELETE', path)).status).toBe(204);
      expect(await http('GET', path)).toMatchObject(NOTHING);
      expect(await http('GET', `${versioned}/data/described`)).toMatchObject(NOTHING);
    },
  ],
  [
    'KV 2: list',
    async ({ vault, versioned, http }) => {
      for (const name of ['b', 'a', 'a/x', 'a/y/z']) {
        await vault.write(`${versioned}/data/list/${name}`, { data: { a: 1 } });
      }
      const path = `${versioned}/metadata/list`;
      expect((await vault.list(path)).data).toEqual({ keys: ['a', 'a/', 'b'] });
      expect((await vault.list(`${path}/a/`)).data).toEqual({ keys: ['x', 'y/'] });
      expect((await http('GET', `${path}/a?list=true`)).body.data).toEqual({ keys: ['x', 'y/'] });
      expect(await http('LIST', `${path}/b`)).toMatchObject(NOTHING);
      expect((await http('GET', `${path}?list=maybe`)).status).toBe(400);
    },
  ],
  [
    'KV 2: many lists and reads on one connection',
    async ({ vault, versioned, http }) => {
      await vault.write(`${versioned}/data/many/a`, { data: { text: 'LIST /x HTTP/1.1\r\n' } });
      for (let round = 0; round < 5; round += 1) {
        expect((await http('LIST', `${versioned}/metadata/many`)).body.data.keys).toEqual(['a']);
        const { body } = await http('GET', `${versioned}/data/many/a`);
        expect(body.data.data).toEqual({ text: 'LIST /x HTTP/1.1\r\n' });
      }
    },
  ],
  [
    'KV 2: patch',
    async ({ vault, versioned, http }) => {
      const path = `${versioned}/data/patched`;
      await vault.write(path, { data: { a: 1, b: { c: 2, d: 3 } } });
      const patched = await vault.update(path, { data: { b: { c: null, e: 4 } } });
      expect(patched.data.version).toBe(2);
      expect((await vault.read(path)).data.data).toEqual({ a: 1, b: { d: 3, e: 4 } });
      const headers = { 'Content-Type': 'application/merge-patch+json' };
      const body = { data: { a: 1 } };
      const missing = await http('PATCH', `${versioned}/data/missing`, { body, headers });
      expect(missing.status).toBe(404);
      const plain = { 'Content-Type': 'application/json' };
      expect((await http('PATCH', path, { body, headers: plain })).status).toBe(415);
    },
  ],
  [
    'KV 2: configuration of the mount',
    async ({ vault, versioned, http }) => {
      const path = `${versioned}/config`;
      const config = { max_versions: 5, delete_version_after: '3h25m19s' };
      expect((await http('POST', path, { body: config })).status).toBe(204);
      expect((await vault.read(path)).data).toEqual({ ...config, cas_required: false });
      const written = await vault.write(`${versioned}/data/short`, { data: { a: 1 } });
      expect(Date.parse(written.data.deletion_time)).toBeGreaterThan(Date.now() + 3 * 3600e3);
      await vault.write(path, { max_versions: 0, delete_version_after: '0s' });
    },
  ],
  [
    'KV 2 read as KV 1 says so',
    async ({ versioned, http }) => {
      const { status, body } = await http('GET', `${versioned}/a`);
      expect(status).toBe(404);
      expect(body.warnings.join()).toContain('Invalid path for a versioned K/V secrets engine');
    },
  ],
  [
    'keys and names that JavaScript objects have',
    async ({ vault, plain, versioned, http }) => {
      const secret = JSON.parse('{"__proto__": "a", "constructor": "b"}');
      for (const name of ['__proto__', 'constructor', 'toString']) {
        expect((await http('GET', `${plain}/${name}`)).status).toBe(404);
        await http('POST', `${plain}/${name}`, { rawBody: JSON.stringify(secret) });
        const back = await http('GET', `${plain}/${name}`);
        expect(JSON.stringify(back.body.data)).toBe(JSON.stringify(secret));
      }
      expect((await http('GET', `${versioned}/data/constructor`)).status).toBe(404);
      expect((await vault.list(plain)).data.keys).toContain('__proto__');
    },
  ],
  [
    'KV 1: write, read, delete, list',
    async ({ vault, plain, http }) => {
      const path = `${plain}/team/db`;
      expect((await http('POST', path, { body: { user: 'a', pwd: 'b' } })).status).toBe(204);
      const read = await vault.read(path);
      expect(read.data).toEqual({ user: 'a', pwd: 'b' });
      expect(read.lease_duration).toBeGreaterThan(0);
      expect((await vault.list(`${plain}/team`)).data).toEqual({ keys: ['db'] });
      await vault.write(path, { user: 'c', ttl: '1h' });
      expect(await vault.read(path)).toMatchObject({ data: { user: 'c' }, lease_duration: 3600 });
      expect((await http('DELETE', path)).status).toBe(204);
      expect(await http('GET', path)).toMatchObject(NOTHING);
      expect(await http('LIST', `${plain}/team`)).toMatchObject(NOTHING);
      expect((await http('POST', path, { body: {} })).status).toBe(400);
    },
  ],
];
