import nodeVault, { type client as NodeVault } from 'node-vault';
import { expect, vi } from 'vitest';

/** What a request of the list may use. It must leave nothing behind but below these names. */
export interface Conformance {
  /** node-vault with the root token. */
  readonly vault: NodeVault;
  /** The paths of a KV mount of each version, without slashes. */
  readonly plain: string;
  readonly versioned: string;
  /** A name for a policy, another one at every call; it is removed at the end. */
  policy(): string;
  /** node-vault with a child of the root token that has this policy. */
  as(policy: string, more?: object): Promise<NodeVault>;
  /** A request below `/v1/` without a client between. By default with the root token. */
  http(method: string, path: string, more?: HttpOptions): Promise<HttpAnswer>;
}

export interface HttpOptions {
  readonly body?: unknown;
  readonly rawBody?: string;
  /** Null: none. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What the JSON holds; undefined when there is none. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/**
 * What holds for HashiCorp's Vault, so that a server that passes can stand for one. Texts of errors
 * are compared where its documentation or all its releases have the same.
 */
export const conformance: readonly [string, (given: Conformance) => Promise<void>][] = [
  [
    'health without a token: 200, no envelope, no store',
    async ({ http }) => {
      const { status, headers, body } = await http('GET', 'sys/health', { token: null });
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/json');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({ initialized: true, sealed: false, standby: false });
      expect(body.request_id).toBeUndefined();
      const chosen = await http('GET', 'sys/health?activecode=299&standbyok=true', { token: null });
      expect(chosen.status).toBe(299);
      const head = await http('HEAD', 'sys/health', { token: null });
      expect([head.status, head.body]).toEqual([200, undefined]);
    },
  ],
  [
    'seal status and initialization',
    async ({ vault, http }) => {
      expect(await vault.status()).toMatchObject({ sealed: false, initialized: true, progress: 0 });
      expect(await vault.initialized()).toEqual({ initialized: true });
      expect((await http('GET', 'sys/seal-status', { token: null })).status).toBe(200);
    },
  ],
  [
    'envelope of an answer',
    async ({ vault, versioned, http }) => {
      await vault.write(`${versioned}/data/envelope`, { data: { a: 1 } });
      const { status, headers, body } = await http('GET', `${versioned}/data/envelope`);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/json');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        lease_id: '',
        renewable: false,
        lease_duration: 0,
        wrap_info: null,
        warnings: null,
        auth: null,
      });
    },
  ],
  [
    'the token in Authorization',
    async ({ vault, versioned, http }) => {
      await vault.write(`${versioned}/data/bearer`, { data: { a: 1 } });
      const headers = { Authorization: `Bearer ${vault.token}` };
      const path = `${versioned}/data/bearer`;
      expect((await http('GET', path, { token: null, headers })).status).toBe(200);
    },
  ],
  [
    'no token, a wrong token',
    async ({ versioned, http }) => {
      for (const token of [null, 'hvs.wrong']) {
        const { status, body } = await http('GET', `${versioned}/data/a`, { token });
        expect(status).toBe(403);
        expect(body.errors.join()).toContain('permission denied');
      }
    },
  ],
  [
    'paths, methods and bodies that are wrong',
    async ({ versioned, http }) => {
      const unrouted = await http('GET', 'no-such-mount/a');
      expect(unrouted.status).toBe(404);
      expect(unrouted.body.errors.join()).toContain('no handler for route');
      const unknown = await http('GET', 'sys/no-such-path');
      expect(unknown.status).toBe(404);
      expect(unknown.body.errors.join()).toContain('unsupported path');
      const method = await http('DELETE', 'sys/capabilities-self');
      expect(method.status).toBe(405);
      expect(method.body.errors.join()).toContain('unsupported operation');
      expect((await http('PROPFIND', `${versioned}/data/a`)).status).toBe(405);
      const json = await http('POST', `${versioned}/data/a`, { rawBody: '{"data":' });
      expect(json.status).toBe(400);
      expect(json.body.errors.join()).toContain('failed to parse JSON input');
      const folder = await http('POST', `${versioned}/data/a/`, { body: { data: {} } });
      expect(folder.status).toBe(400);
      expect(folder.body.errors).toEqual(["cannot write to a path ending in '/'"]);
    },
  ],
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
  [
    'mounts and their versions',
    async ({ vault, plain, versioned, http }) => {
      const { data } = await vault.mounts();
      expect(data[`${plain}/`]).toMatchObject({ type: 'kv', options: { version: '1' } });
      expect(data[`${versioned}/`]).toMatchObject({ type: 'kv', options: { version: '2' } });
      const found = await http('GET', `sys/internal/ui/mounts/${versioned}/some/path`);
      expect(found.body.data).toMatchObject({
        path: `${versioned}/`,
        type: 'kv',
        options: { version: '2' },
      });
      const all = await http('GET', 'sys/internal/ui/mounts');
      expect(all.body.data.secret[`${plain}/`]).toMatchObject({ type: 'kv' });
      const nobody = await http('GET', 'sys/internal/ui/mounts', { token: null });
      expect([nobody.status, nobody.body.data.secret[`${plain}/`]]).toEqual([200, undefined]);
      const hidden = await http('GET', `sys/internal/ui/mounts/${plain}`, { token: null });
      expect(hidden.status).toBe(403);
      const taken = await http('POST', `sys/mounts/${plain}`, { body: { type: 'kv' } });
      expect(taken.status).toBe(400);
      expect(taken.body.errors.join()).toContain('path is already in use at');
    },
  ],
  [
    'mounting and unmounting',
    async ({ vault, plain }) => {
      const mount_point = `${plain}-again`;
      await vault.mount({ mount_point, type: 'kv', options: { version: '1' } });
      await vault.write(`${mount_point}/a`, { x: 1 });
      await vault.unmount({ mount_point });
      await expect(vault.read(`${mount_point}/a`)).rejects.toThrow('no handler for route');
      await vault.mount({ mount_point, type: 'kv', options: { version: '1' } });
      await expect(vault.read(`${mount_point}/a`)).rejects.toThrow('404');
      await vault.unmount({ mount_point });
    },
  ],
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
  [
    "a token's own capabilities",
    async ({ vault, versioned, policy, as, http }) => {
      const name = policy();
      const path = `${versioned}/data/a`;
      const rules = `path "${path}" { capabilities = ["read", "update"] }`;
      await vault.addPolicy({ name, rules });
      const { token } = await as(name);
      const ask = (body: object) => http('POST', 'sys/capabilities-self', { token, body });
      expect((await ask({ paths: [path] })).body.data).toEqual({
        [path]: ['read', 'update'],
        capabilities: ['read', 'update'],
      });
      const two = (await ask({ paths: [path, 'other'] })).body.data;
      expect(two).toMatchObject({ [path]: ['read', 'update'], other: ['deny'] });
      const root = await http('POST', 'sys/capabilities-self', { body: { paths: ['x'] } });
      expect(root.body.data.x).toEqual(['root']);
    },
  ],
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

/** How Vault says that there is nothing at a path. */
const NOTHING = { status: 404, body: { errors: [] } };

/** Makes what the requests need on a server; `end` takes it away again. */
export async function prepare(address: string, rootToken: string) {
  const vault = nodeVault({ endpoint: address, token: rootToken });
  const unique = `conformance-${process.pid}-${Date.now().toString(36)}`;
  const [plain, versioned] = [`${unique}-1`, `${unique}-2`];
  await vault.mount({ mount_point: plain, type: 'kv', options: { version: '1' } });
  await vault.mount({ mount_point: versioned, type: 'kv', options: { version: '2' } });
  const policies: string[] = [];
  const tokens: string[] = [];
  const given: Conformance = {
    vault,
    plain,
    versioned,
    policy() {
      const name = `${unique}-${policies.length}`;
      policies.push(name);
      return name;
    },
    async as(policy, { through = vault, ...more }: { through?: NodeVault } = {}) {
      const body = { policies: [policy], ttl: '10m', ...more };
      const { auth } = await through.write('auth/token/create', body);
      tokens.push(auth.client_token);
      return nodeVault({ endpoint: address, token: auth.client_token });
    },
    async http(method, path, { body, rawBody, token = rootToken, headers = {} } = {}) {
      const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(`${address}/v1/${path}`, {
        method,
        headers: { ...(token === null ? {} : { 'X-Vault-Token': token }), ...headers },
        ...(sent === undefined ? {} : { body: sent }),
      });
      const text = await response.text();
      const { status } = response;
      return { status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
    },
  };
  // A Vault may need a moment until a new mount of version 2 can be used.
  await vi.waitFor(() => vault.read(`${versioned}/config`), { timeout: 10_000 });
  const end = async () => {
    for (const token of tokens) await vault.tokenRevoke({ token });
    for (const name of policies) await vault.removePolicy({ name });
    for (const mount_point of [plain, versioned]) await vault.unmount({ mount_point });
  };
  return { given, end };
}
