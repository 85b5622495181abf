import { type DatabaseState, databaseAt, type StaticRole } from './database-mount.ts';
import { changePassword, newPassword } from './database-users.ts';
import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { listKeys } from './key-listing.ts';
import { RequestError } from './request-error.ts';
import type { VaultState } from './state.ts';

/** Users that are there already: their password is changed when a period is over, and on request. */
export function staticRoutes(mount: string, database: DatabaseState): readonly Route[] {
  const { staticRoles } = database;
  return [
    { pattern: /^static-roles\/?$/, list: () => listKeys(staticRoles.keys(), '') },
    {
      pattern: /^static-roles\/([^/]+)$/,
      read(call): Answer | undefined {
        const role = staticRoles.get(nameOf(call));
        if (!role) return undefined;
        const { dbName: db_name, username, rotationPeriod: rotation_period, lastRotation } = role;
        const last_vault_rotation = new Date(lastRotation).toISOString();
        return { data: { db_name, username, rotation_period, last_vault_rotation } };
      },
      async update(call): Promise<undefined> {
        const fields = fieldsOf(call.body);
        const dbName = fields.text('db_name') ?? '';
        const username = fields.text('username') ?? '';
        if (username === '')
          throw new RequestError(400, 'username is a required field to create a static account');
        const rotationPeriod = fields.seconds('rotation_period') ?? 0;
        if (rotationPeriod < 5)
          throw new RequestError(400, 'rotation_period must be 5 seconds or more');
        const role = { dbName, username, rotationPeriod, password: '', lastRotation: 0 };
        await rotateStaticRole(call.state, mount, nameOf(call), role, call);
      },
      delete: (call) => void staticRoles.delete(nameOf(call)),
    },
    {
      pattern: /^static-creds\/([^/]+)$/,
      read(call): Answer {
        const role = staticRoles.get(nameOf(call));
        if (!role) throw new RequestError(400, `unknown role: ${nameOf(call)}`);
        const { username, password, rotationPeriod: rotation_period, lastRotation } = role;
        const age = Math.floor((call.now - lastRotation) / 1000);
        return {
          data: {
            username,
            password,
            last_vault_rotation: new Date(lastRotation).toISOString(),
            rotation_period,
            ttl: Math.max(0, rotation_period - age),
          },
        };
      },
    },
    {
      pattern: /^rotate-role\/([^/]+)$/,
      async update(call): Promise<undefined> {
        const role = staticRoles.get(nameOf(call));
        if (!role) throw new RequestError(400, 'no static role found for role name');
        await rotateStaticRole(call.state, mount, nameOf(call), role, call);
      },
    },
  ];
}

/** Gives a static role's user another password, in Postgres first and then here. */
export async function rotateStaticRole(
  state: VaultState,
  mount: string,
  name: string,
  role: StaticRole,
  { now, change }: Pick<Call, 'now' | 'change'>,
): Promise<void> {
  const config = databaseAt(state.mounts, mount)?.configs.get(role.dbName);
  if (!config) {
    throw new RequestError(500, `failed to find entry for connection with name: "${role.dbName}"`);
  }
  const password = newPassword();
  await changePassword(config, { name: role.username, password }).catch(
    (error: NodeJS.ErrnoException) => {
      // Postgres' own words may quote the statement, and that holds the password.
      throw new RequestError(500, `failed to rotate: ${error.code ?? 'no connection'}`);
    },
  );
  change(({ mounts }) =>
    databaseAt(mounts, mount)?.staticRoles.set(name, { ...role, password, lastRotation: now }),
  );
}

function nameOf({ captures }: Call): string {
  return captures[0] ?? '';
}
