import { expect } from 'vitest';
import { CREATION, type DatabaseRequest } from './prepare-database.ts';

/** The database engine: connections, roles, and the users that it makes or whose password it changes. */
export const databaseRequests: readonly DatabaseRequest[] = [
  [
    'the mount says its type',
    async ({ mount, http }) => {
      const found = await http('GET', `sys/internal/ui/mounts/${mount}/creds/reader`);
      expect(found.body.data).toMatchObject({ path: `${mount}/`, type: 'database' });
    },
  ],
  [
    'a connection is tried, and never gives its password back',
    async ({ mount, connection, http }) => {
      const path = `${mount}/config/other`;
      const wrong = { ...connection, password: 'wrong' };
      const refused = await http('POST', path, { body: wrong });
      expect(refused.status).toBe(400);
      expect(refused.body.errors.join()).toMatch(
        /error creating database object: error verifying connection/,
      );
      expect((await http('GET', path)).status).toBe(404);
      const untried = { ...wrong, verify_connection: false, allowed_roles: ['one', 'two'] };
      expect((await http('POST', path, { body: untried })).status).toBe(204);
      const { body } = await http('GET', path);
      expect(body.data).toMatchObject({
        plugin_name: 'postgresql-database-plugin',
        allowed_roles: ['one', 'two'],
        connection_details: { username: expect.any(String) },
      });
      expect(JSON.stringify(body)).not.toContain('wrong');
      const listed = await http('LIST', `${mount}/config`);
      expect(listed.body.data.keys).toEqual(['main', 'other']);
      expect((await http('DELETE', path)).status).toBe(204);
    },
  ],
  [
    'what of a connection is not given stays',
    async ({ mount, connection, role, http }) => {
      const path = `${mount}/config/kept`;
      await http('POST', path, { body: connection });
      await http('POST', path, { body: { allowed_roles: 'team-*' } });
      await role('team-a', { db_name: 'kept' });
      expect((await http('GET', `${mount}/creds/team-a`)).status).toBe(200);
      await role('other', { db_name: 'kept' });
      const other = await http('GET', `${mount}/creds/other`);
      expect(other.status).toBe(500);
      expect(other.body.errors.join()).toContain('"other" is not an allowed role');
      await http('PUT', `sys/leases/revoke-prefix/${mount}/creds/team-a`, { body: { sync: true } });
      await http('DELETE', path);
    },
  ],
  [
    'a password in the URL is masked',
    async ({ mount, connection, http }) => {
      const path = `${mount}/config/literal`;
      const connection_url = 'postgresql://ann:canary@localhost:1/db';
      await http('POST', path, {
        body: { ...connection, connection_url, verify_connection: false },
      });
      const { body } = await http('GET', path);
      expect(body.data.connection_details.connection_url).toBe(
        'postgresql://ann:*****@localhost:1/db',
      );
      await http('DELETE', path);
    },
  ],
  [
    'roles: write, read, change, list, delete',
    async ({ mount, role, http }) => {
      const path = `${mount}/roles/written`;
      await role('written', { max_ttl: '1h' });
      await http('POST', path, { body: { default_ttl: 60 } });
      expect((await http('GET', path)).body.data).toMatchObject({
        db_name: 'main',
        creation_statements: [CREATION],
        revocation_statements: [],
        default_ttl: 60,
        max_ttl: 3600,
      });
      expect((await http('LIST', `${mount}/roles`)).body.data.keys).toContain('written');
      expect((await http('DELETE', path)).status).toBe(204);
      expect((await http('GET', path)).status).toBe(404);
      const nameless = await http('POST', path, { body: { creation_statements: 'x' } });
      expect([nameless.status, nameless.body.errors]).toEqual([400, ['database name is required']]);
    },
  ],
  [
    'a user for whoever asks, many at once, gone with their leases',
    async ({ mount, role, http, exists, reads }) => {
      await role('reader');
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => http('GET', `${mount}/creds/reader`)),
      );
      const users = answers.map(({ body }) => body.data.username);
      expect(new Set(users).size).toBe(6);
      const [one] = answers;
      expect(one?.body).toMatchObject({ lease_duration: 600, renewable: true });
      expect(one?.body.lease_id).toMatch(new RegExp(`^${mount}/creds/reader/\\w{24}$`));
      const { username, password } = one?.body.data ?? {};
      expect(username).toMatch(/^v-\w+-reader-\w{20}-\d{10}$/);
      expect(await reads(username, password)).toBe(true);
      const revoke = (options: object) => http('PUT', 'sys/leases/revoke', { body: options });
      const synchronous = await revoke({ lease_id: one?.body.lease_id, sync: true });
      expect([synchronous.status, await exists(username)]).toEqual([204, false]);
      // What is gone already is what was asked for.
      expect((await revoke({ lease_id: one?.body.lease_id, sync: true })).status).toBe(204);
      const later = await revoke({ lease_id: answers[1]?.body.lease_id });
      expect([later.status, later.body]).toEqual([202, undefined]);
      await expect.poll(() => exists(answers[1]?.body.data.username)).toBe(false);
      const prefix = `sys/leases/revoke-prefix/${mount}/creds/reader`;
      expect((await http('PUT', prefix, { body: { sync: true } })).status).toBe(204);
      for (const user of users) expect(await exists(user)).toBe(false);
    },
  ],
  [
    'what a user owns keeps it, unless the role says what becomes of that',
    async ({ mount, role, http, exists, query }) => {
      await role('owner');
      const owner = (await http('GET', `${mount}/creds/owner`)).body;
      const { username } = owner.data;
      await query(`create table owned (id int); alter table owned owner to "${username}"`);
      const revoke = { body: { lease_id: owner.lease_id, sync: true } };
      const refused = await http('PUT', 'sys/leases/revoke', revoke);
      expect([refused.status, await exists(username)]).toEqual([400, true]);
      const lookup = { body: { lease_id: owner.lease_id } };
      expect((await http('PUT', 'sys/leases/lookup', lookup)).status).toBe(200);
      await role('owner', {
        revocation_statements: ['drop owned by "{{name}}"', 'drop role "{{name}}"'],
      });
      expect((await http('PUT', 'sys/leases/revoke', revoke)).status).toBe(204);
      expect(await exists(username)).toBe(false);
    },
  ],
  [
    'a role that is gone leaves its users until their time',
    async ({ mount, role, http, exists }) => {
      await role('leaving');
      const { data, lease_id } = (await http('GET', `${mount}/creds/leaving`)).body;
      await http('DELETE', `${mount}/roles/leaving`);
      expect(await exists(data.username)).toBe(true);
      const renewed = await http('PUT', 'sys/leases/renew', { body: { lease_id } });
      expect(renewed.status).toBe(400);
      expect(renewed.body.errors.join()).toContain('could not find role with name');
      await http('PUT', 'sys/leases/revoke', { body: { lease_id, sync: true } });
      expect(await exists(data.username)).toBe(false);
    },
  ],
  [
    'statements that Postgres refuses make no user',
    async ({ mount, role, http, query }) => {
      const count = async () =>
        (await query('select from pg_roles where rolname like $1', ['v-%-half-%'])).rowCount;
      await role('half', {
        creation_statements: `${CREATION} grant select on nothing to "{{name}}"`,
      });
      const { status, body } = await http('GET', `${mount}/creds/half`);
      expect(status).toBe(500);
      expect(body.errors.join()).toContain('failed to execute query');
      expect(await count()).toBe(0);
      await role('empty', { creation_statements: [] });
      const empty = await http('GET', `${mount}/creds/empty`);
      expect([empty.status, empty.body.errors.join()]).toEqual([
        500,
        expect.stringContaining('empty creation statements'),
      ]);
    },
  ],
  [
    'a role without its connection, and no role at all',
    async ({ mount, role, http }) => {
      await role('lost', { db_name: 'nowhere' });
      const lost = await http('GET', `${mount}/creds/lost`);
      expect(lost.status).toBe(500);
      expect(lost.body.errors.join()).toContain(
        'failed to find entry for connection with name: "nowhere"',
      );
      for (const path of ['creds', 'static-creds']) {
        const unknown = await http('GET', `${mount}/${path}/unknown`);
        expect([unknown.status, unknown.body.errors]).toEqual([400, ['unknown role: unknown']]);
      }
      const rotated = await http('POST', `${mount}/rotate-role/unknown`);
      expect([rotated.status, rotated.body.errors]).toEqual([
        400,
        ['no static role found for role name'],
      ]);
    },
  ],
  [
    'a wrapped credential is made once, and taken out once',
    async ({ mount, role, http, reads }) => {
      await role('wrapped');
      const headers = { 'X-Vault-Wrap-TTL': '60s' };
      const { body } = await http('GET', `${mount}/creds/wrapped`, { headers });
      expect([body.data, body.lease_id]).toEqual([null, '']);
      const { token } = body.wrap_info;
      const taken = (await http('POST', 'sys/wrapping/unwrap', { token })).body;
      expect(await reads(taken.data.username, taken.data.password)).toBe(true);
      await http('PUT', 'sys/leases/revoke', { body: { lease_id: taken.lease_id, sync: true } });
    },
  ],
  [
    'static roles: the password is changed when it is set up, and on request',
    async ({ mount, login, http, reads }) => {
      const path = `${mount}/static-roles/kept`;
      const body = { db_name: 'main', username: login, rotation_period: '1h' };
      expect((await http('POST', path, { body })).status).toBe(204);
      expect(await reads(login, 'old')).toBe(false);
      expect((await http('GET', path)).body.data).toMatchObject({
        db_name: 'main',
        username: login,
        rotation_period: 3600,
        last_vault_rotation: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      const read = async () => (await http('GET', `${mount}/static-creds/kept`)).body;
      const first = await read();
      expect(first).toMatchObject({ lease_id: '', lease_duration: 0, renewable: false });
      expect(first.data).toMatchObject({ username: login, rotation_period: 3600 });
      expect(first.data.ttl).toBeGreaterThan(3590);
      expect(await reads(login, first.data.password)).toBe(true);
      const rotate = () => http('POST', `${mount}/rotate-role/kept`);
      const rotated = await Promise.all([rotate(), rotate(), rotate()]);
      expect(rotated.map(({ status }) => status)).toEqual([204, 204, 204]);
      const second = await read();
      expect(second.data.last_vault_rotation).not.toBe(first.data.last_vault_rotation);
      expect([
        await reads(login, first.data.password),
        await reads(login, second.data.password),
      ]).toEqual([false, true]);
      // Another period is no reason for another password.
      await http('POST', path, { body: { username: login, rotation_period: '2h' } });
      expect((await read()).data).toMatchObject({
        password: second.data.password,
        rotation_period: 7200,
      });
      expect((await http('LIST', `${mount}/static-roles`)).body.data.keys).toEqual(['kept']);
      expect((await http('DELETE', path)).status).toBe(204);
      expect(await reads(login, second.data.password)).toBe(true);
    },
  ],
  [
    'static roles that can not be',
    async ({ mount, login, role, http }) => {
      await role('taken');
      const right = { db_name: 'main', username: login, rotation_period: '1h' };
      const cases: [string, object, number, RegExp][] = [
        ['taken', right, 400, /Role and Static Role names must be unique/],
        ['a', { ...right, db_name: '' }, 400, /database name is a required field/],
        ['a', { ...right, username: '' }, 400, /username is a required field/],
        ['a', { db_name: 'main', username: login }, 400, /rotation_period is required/],
        ['a', { ...right, rotation_period: '4s' }, 400, /must be 5 seconds or more/],
        ['a', { ...right, username: 'nobody-at-all' }, 500, /./],
      ];
      for (const [name, body, status, words] of cases) {
        const answer = await http('POST', `${mount}/static-roles/${name}`, { body });
        expect([answer.status, answer.body.errors.join()]).toEqual([
          status,
          expect.stringMatching(words),
        ]);
        expect((await http('GET', `${mount}/static-roles/${name}`)).status).toBe(404);
      }
    },
  ],
];
