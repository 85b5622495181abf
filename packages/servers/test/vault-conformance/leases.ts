import { expect } from 'vitest';
import type { DatabaseRequest } from './prepare-database.ts';

/** Leases: how long they last, and what ends them. */
export const leaseRequests: readonly DatabaseRequest[] = [
  [
    'a lease is looked at and renewed; its user holds a little longer than the lease',
    async ({ mount, role, http, query }) => {
      await role('renewed', { default_ttl: '60s', max_ttl: '10m' });
      const { lease_id, data } = (await http('GET', `${mount}/creds/renewed`)).body;
      const look = async () =>
        (await http('PUT', 'sys/leases/lookup', { body: { lease_id } })).body.data;
      const before = await look();
      expect(before).toMatchObject({ id: lease_id, renewable: true, last_renewal: null });
      expect(before.ttl).toBeGreaterThan(55);
      const renewed = await http('PUT', 'sys/leases/renew', { body: { lease_id, increment: 300 } });
      expect(renewed.body).toMatchObject({
        lease_id,
        lease_duration: 300,
        renewable: true,
        data: null,
        warnings: null,
      });
      const after = await look();
      expect(after.last_renewal).toMatch(/^\d{4}-/);
      const end = Date.parse(after.expire_time);
      expect(end - Date.parse(before.expire_time)).toBeGreaterThan(235_000);
      const { rows } = await query(
        'select rolvaliduntil as until from pg_roles where rolname = $1',
        [data.username],
      );
      const margin = rows[0].until.getTime() - end;
      expect(margin).toBeGreaterThan(0);
      expect(margin).toBeLessThan(10_000);
      // By the role's own time, where none is asked for.
      const plain = await http('PUT', `sys/leases/renew/${lease_id}`);
      expect(plain.body.lease_duration).toBe(60);
      await http('PUT', 'sys/leases/revoke', { body: { lease_id, sync: true } });
    },
  ],
  [
    'no lease lasts longer than its role allows, and it is said',
    async ({ mount, role, http }) => {
      await role('short', { default_ttl: '60s', max_ttl: '100s' });
      const { lease_id } = (await http('GET', `${mount}/creds/short`)).body;
      const body = { lease_id, increment: '1h' };
      const capped = (await http('PUT', 'sys/leases/renew', { body })).body;
      expect(capped.lease_duration).toBeLessThanOrEqual(100);
      expect(capped.lease_duration).toBeGreaterThan(90);
      expect(capped.warnings).toEqual([
        expect.stringMatching(
          /^TTL of "1h" exceeded the effective max_ttl of "1m\d+s"; TTL value is capped accordingly$/,
        ),
      ]);
      await http('PUT', 'sys/leases/revoke', { body: { lease_id, sync: true } });
      await role('short', { default_ttl: '200s', max_ttl: '100s' });
      const born = (await http('GET', `${mount}/creds/short`)).body;
      expect([born.lease_duration, born.warnings?.length]).toEqual([100, 1]);
      await http('PUT', 'sys/leases/revoke', { body: { lease_id: born.lease_id, sync: true } });
    },
  ],
  [
    'a lease ends with the token that made it, and with one above that',
    async ({ mount, role, policy, vault, as, http, exists }) => {
      await role('owned');
      const name = policy();
      const rules = `
        path "${mount}/creds/owned" { capabilities = ["read"] }
        path "auth/token/create" { capabilities = ["update"] }`;
      await vault.addPolicy({ name, rules });
      const parent = await as(name);
      const child = await as(name, { through: parent });
      const users = [parent, child].map(async ({ token }) => {
        const { body } = await http('GET', `${mount}/creds/owned`, { token });
        return body.data.username as string;
      });
      for (const user of users) expect(await exists(await user)).toBe(true);
      await vault.tokenRevoke({ token: parent.token });
      for (const user of users) await expect.poll(async () => exists(await user)).toBe(false);
    },
  ],
  [
    'the last use of a token gives out nothing that would end at once',
    async ({ mount, role, policy, vault, as, http, query }) => {
      await role('lastuse');
      const name = policy();
      await vault.addPolicy({
        name,
        rules: `path "${mount}/creds/lastuse" { capabilities = ["read"] }`,
      });
      const { token } = await as(name, { num_uses: 1 });
      const { status, body } = await http('GET', `${mount}/creds/lastuse`, { token });
      expect([status, body.errors.join()]).toEqual([
        400,
        expect.stringContaining('Secret cannot be returned; token had one use left'),
      ]);
      const count = async () =>
        (await query('select from pg_roles where rolname like $1', ['v-%-lastuse-%'])).rowCount;
      await expect.poll(count).toBe(0);
    },
  ],
  [
    'by force a lease is forgotten, though its user stays',
    async ({ mount, role, http, exists, query }) => {
      await role('stuck', { revocation_statements: ['drop role nobody_at_all'] });
      const { lease_id, data } = (await http('GET', `${mount}/creds/stuck`)).body;
      const forced = await http('PUT', `sys/leases/revoke-force/${mount}/creds/stuck`);
      expect(forced.status).toBe(204);
      const lookup = await http('PUT', 'sys/leases/lookup', { body: { lease_id } });
      expect([lookup.status, await exists(data.username)]).toEqual([400, true]);
      await query(`drop owned by "${data.username}"; drop role "${data.username}"`);
    },
  ],
  [
    'leases end with their mount',
    async ({ mount, connection, vault, http, exists }) => {
      const mount_point = `${mount}-again`;
      await vault.mount({ mount_point, type: 'database' });
      await vault.write(`${mount_point}/config/main`, connection);
      await vault.write(`${mount_point}/roles/reader`, {
        db_name: 'main',
        creation_statements: [`create role "{{name}}" login password '{{password}}'`],
      });
      const { body } = await http('GET', `${mount_point}/creds/reader`);
      expect(body.lease_duration).toBe(32 * 24 * 3600);
      await vault.unmount({ mount_point });
      expect(await exists(body.data.username)).toBe(false);
      const lookup = { body: { lease_id: body.lease_id } };
      expect((await http('PUT', 'sys/leases/lookup', lookup)).status).toBe(400);
    },
  ],
  [
    'a lease that is not there, or not named',
    async ({ http }) => {
      const cases: [string, object, number, string[]][] = [
        ['lookup', {}, 400, ['lease_id must be specified']],
        ['renew', {}, 400, ['lease_id must be specified']],
        ['revoke', {}, 400, ['lease_id must be specified']],
        ['lookup', { lease_id: 'a/b/c' }, 400, ['invalid lease']],
        ['renew', { lease_id: 'a/b/c' }, 400, ['lease not found']],
      ];
      for (const [verb, body, status, errors] of cases) {
        const answer = await http('PUT', `sys/leases/${verb}`, { body });
        expect([verb, answer.status, answer.body.errors]).toEqual([verb, status, errors]);
      }
    },
  ],
  [
    'whole prefixes are for those who have sudo',
    async ({ mount, policy, vault, as, http }) => {
      const name = policy();
      const path = `sys/leases/revoke-prefix/${mount}/creds/nobody`;
      const rules = (more: string) => `path "${path}" { capabilities = ["update"${more}] }`;
      await vault.addPolicy({ name, rules: rules('') });
      const { token } = await as(name);
      expect((await http('PUT', path, { token })).status).toBe(403);
      await vault.addPolicy({ name, rules: rules(', "sudo"') });
      expect((await http('PUT', path, { token })).status).toBe(202);
    },
  ],
];
