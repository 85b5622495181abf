import { configRoutes } from './database-config.ts';
import type { DatabaseState, DynamicRole } from './database-mount.ts';
import type { DatabaseWork } from './database-work.ts';
import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { listKeys } from './key-listing.ts';
import { issueLease } from './lease-life.ts';
import { RequestError } from './request-error.ts';
import { staticRoutes } from './static-roles.ts';

/** A database engine: users made on request, and users whose password is changed. */
export function databaseRoutes(
  mount: string,
  database: DatabaseState,
  work: DatabaseWork,
): readonly Route[] {
  const { roles, staticRoles } = database;
  return [
    ...configRoutes(mount, database, work),
    { pattern: /^roles\/?$/, list: () => listKeys(roles.keys(), '') },
    {
      pattern: /^roles\/([^/]+)$/,
      exists: (call) => roles.has(nameOf(call)),
      read(call): Answer | undefined {
        const role = roles.get(nameOf(call));
        return role && { data: describe(role) };
      },
      update(call): undefined {
        const name = nameOf(call);
        if (staticRoles.has(name)) refuse('Role and Static Role names must be unique');
        roles.set(name, roleOf(call, roles.get(name)));
      },
      delete: (call) => void roles.delete(nameOf(call)),
    },
    {
      pattern: /^creds\/([^/]+)$/,
      async read(call): Promise<Answer> {
        const token = call.caller?.token;
        // Its last use was this one, and what it would be given ends with it.
        if (!token || !call.state.tokens.has(token.id)) {
          refuse(
            'Secret cannot be returned; token had one use left, so leased credentials were immediately revoked.',
          );
        }
        const issued = await issueLease(work, mount, nameOf(call), token.id);
        const { lease, password, ttl, warnings } = issued;
        return {
          data: { password, username: lease.username },
          lease: { id: lease.id, seconds: ttl, renewable: true },
          warnings,
        };
      },
    },
    ...staticRoutes(mount, database, work),
  ];
}

/** What isn't given stays as it was. */
function roleOf({ body }: Call, before: DynamicRole | undefined): DynamicRole {
  const fields = fieldsOf(body);
  const role: DynamicRole = {
    dbName: fields.text('db_name') ?? before?.dbName ?? '',
    creationStatements: fields.list('creation_statements') ?? before?.creationStatements ?? [],
    revocationStatements:
      fields.list('revocation_statements') ?? before?.revocationStatements ?? [],
    renewStatements: fields.list('renew_statements') ?? before?.renewStatements ?? [],
    defaultTtl: fields.seconds('default_ttl') ?? before?.defaultTtl ?? 0,
    maxTtl: fields.seconds('max_ttl') ?? before?.maxTtl ?? 0,
  };
  if (role.dbName === '') refuse('database name is required');
  return role;
}

function describe(role: DynamicRole) {
  return {
    creation_statements: role.creationStatements,
    credential_type: 'password',
    db_name: role.dbName,
    default_ttl: role.defaultTtl,
    max_ttl: role.maxTtl,
    renew_statements: role.renewStatements,
    revocation_statements: role.revocationStatements,
    rollback_statements: [],
  };
}

function nameOf({ captures }: Call): string {
  return captures[0] ?? '';
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
