import { expect } from 'vitest';
import type { ConformanceRequest } from './prepare.ts';

/** Health, envelope, wrong requests, mounts. */
export const systemRequests: readonly ConformanceRequest[] = [
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
];
