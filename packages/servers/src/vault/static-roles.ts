import { configForRole, type DatabaseState } from './database-mount.ts';
import type { DatabaseWork } from './database-work.ts';
import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { listKeys } from './key-listing.ts';
import { RequestError } from './request-error.ts';
import { addStaticRole, rotateStaticRole, rotationDue } from './static-rotation.ts';

/** Users that are there already: their password is changed when a period is over, and on request. */
export function staticRoutes(
  mount: string,
  { roles, staticRoles }: DatabaseState,
  work: DatabaseWork,
): readonly Route[] {
  return [
    { pattern: /^static-roles\/?$/, list: () => listKeys(staticRoles.keys(), '') },
    {
      pattern: /^static-roles\/([^/]+)$/,
      exists: (call) => staticRoles.has(nameOf(call)),
      read(call): Answer | undefined {
        const role = staticRoles.get(nameOf(call));
        if (!role) return undefined;
        return {
          data: {
            credential_type: 'password',
            db_name: role.dbName,
            last_vault_rotation: new Date(role.lastRotation).toISOString(),
            rotation_period: role.rotationPeriod,
            rotation_statements: role.rotationStatements,
            username: role.username,
          },
        };
      },
      update: write,
      delete: (call) => void staticRoles.delete(nameOf(call)),
    },
    {
      pattern: /^static-creds\/([^/]+)$/,
      read(call): Answer {
        const role = staticRoles.get(nameOf(call));
        if (!role) refuse(`unknown role: ${nameOf(call)}`);
        configForRole(call.state, mount, role, nameOf(call));
        return {
          data: {
            last_vault_rotation: new Date(role.lastRotation).toISOString(),
            password: role.password,
            rotation_period: role.rotationPeriod,
            ttl: Math.max(0, Math.round((rotationDue(role) - call.now) / 1000)),
            username: role.username,
          },
        };
      },
    },
    {
      pattern: /^rotate-role\/([^/]+)$/,
      async update(call): Promise<undefined> {
        await rotateStaticRole(work, mount, nameOf(call));
      },
    },
  ];

  function write(call: Call): undefined | Promise<undefined> {
    const name = nameOf(call);
    if (roles.has(name)) refuse('Role and Static Role names must be unique');
    const fields = fieldsOf(call.body);
    const before = staticRoles.get(name);
    const dbName = fields.text('db_name') ?? before?.dbName ?? '';
    if (dbName === '') refuse('database name is a required field');
    const username = fields.text('username') ?? '';
    if (before && username !== before.username) refuse('cannot update static account username');
    if (username === '') refuse('username is a required field to create a static account');
    const rotationPeriod = fields.seconds('rotation_period') ?? before?.rotationPeriod;
    if (rotationPeriod === undefined)
      refuse('rotation_period is required to create static accounts');
    if (rotationPeriod < 5) refuse('rotation_period must be 5 seconds or more');
    const rotationStatements =
      fields.list('rotation_statements') ?? before?.rotationStatements ?? [];
    const given = { dbName, username, rotationPeriod, rotationStatements };
    if (before) {
      staticRoles.set(name, { ...before, ...given });
      return undefined;
    }
    const role = { ...given, password: '', lastRotation: 0, rotating: true };
    return addStaticRole(work, mount, name, role).then(() => undefined);
  }
}

function nameOf({ captures }: Call): string {
  return captures[0] ?? '';
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
