import { randomBytes } from 'node:crypto';
import {
  type DatabaseConfig,
  type DatabaseState,
  type DynamicRole,
  databaseAt,
} from './database-mount.ts';
import { createUser, dropUser, newPassword, verifyConnection } from './database-users.ts';
import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { listKeys } from './key-listing.ts';
import { newLeaseId } from './lease.ts';
import { RequestError } from './request-error.ts';
import { staticRoutes } from './static-roles.ts';

/** Vault's default for a lease: 32 days. */
const SYSTEM_TTL = 768 * 3600;

/** A database engine: users made on request, and users whose password is changed. */
export function databaseRoutes(mount: string, database: DatabaseState): readonly Route[] {
  const { configs, roles } = database;
  return [
    { pattern: /^config\/?$/, list: () => listKeys(configs.keys(), '') },
    {
      pattern: /^config\/([^/]+)$/,
      read(call): Answer | undefined {
        const config = configs.get(nameOf(call));
        if (!config) return undefined;
        const { connectionUrl: connection_url, username, allowedRoles: allowed_roles } = config;
        return {
          data: {
            plugin_name: 'postgresql-database-plugin',
            connection_details: { connection_url, username },
            allowed_roles,
          },
        };
      },
      async update(call): Promise<undefined> {
        const fields = fieldsOf(call.body);
        const config: DatabaseConfig = {
          connectionUrl: fields.text('connection_url') ?? '',
          username: fields.text('username') ?? '',
          password: fields.text('password') ?? '',
          allowedRoles: fields.texts('allowed_roles') ?? [],
        };
        const plugin = fields.text('plugin_name') ?? '';
        if (plugin !== 'postgresql-database-plugin')
          throw new RequestError(400, `plugin not found in the catalog: ${plugin}`);
        if (config.connectionUrl === '')
          throw new RequestError(400, 'connection_url cannot be empty');
        if (fields.flag('verify_connection') ?? true) await verifyConnection(config);
        call.change(({ mounts }) => databaseAt(mounts, mount)?.configs.set(nameOf(call), config));
      },
      delete: (call) => void configs.delete(nameOf(call)),
    },
    { pattern: /^roles\/?$/, list: () => listKeys(roles.keys(), '') },
    {
      pattern: /^roles\/([^/]+)$/,
      read(call): Answer | undefined {
        const role = roles.get(nameOf(call));
        return (
          role && {
            data: {
              db_name: role.dbName,
              creation_statements: role.creationStatements,
              revocation_statements: role.revocationStatements,
              default_ttl: role.defaultTtl,
              max_ttl: role.maxTtl,
            },
          }
        );
      },
      update(call): undefined {
        const fields = fieldsOf(call.body);
        const dbName = fields.text('db_name') ?? '';
        if (dbName === '') throw new RequestError(400, 'database name is required');
        roles.set(nameOf(call), {
          dbName,
          creationStatements: fields.texts('creation_statements') ?? [],
          revocationStatements: fields.texts('revocation_statements') ?? [],
          defaultTtl: fields.seconds('default_ttl') ?? 0,
          maxTtl: fields.seconds('max_ttl') ?? 0,
        });
      },
      delete: (call) => void roles.delete(nameOf(call)),
    },
    { pattern: /^creds\/([^/]+)$/, read: (call) => credentials(mount, database, call) },
    ...staticRoutes(mount, database),
  ];
}

async function credentials(mount: string, database: DatabaseState, call: Call): Promise<Answer> {
  const name = nameOf(call);
  const role = database.roles.get(name);
  if (!role) throw new RequestError(400, `unknown role: ${name}`);
  const config = configFor(database, role.dbName, name);
  if (role.creationStatements.length === 0)
    throw new RequestError(500, 'empty creation statements');
  const username = usernameFor(name, call.now);
  const password = newPassword();
  const { ttl, maxTtl } = lifeOf(role);
  const expireTime = call.now + ttl * 1000;
  await createUser(config, role.creationStatements, {
    name: username,
    password,
    expiresAt: expireTime,
  }).catch(failed);
  const id = newLeaseId(mount, name);
  const tokenId = call.caller?.token.id ?? '';
  try {
    call.change((state) =>
      state.leases.set(id, {
        id,
        mount,
        role: name,
        username,
        config,
        tokenId,
        issueTime: call.now,
        ttl,
        maxTtl,
        expireTime,
        lastRenewal: null,
      }),
    );
  } catch (error) {
    // A user that nobody remembers would stay for ever.
    await dropUser(config, role.revocationStatements, username);
    throw error;
  }
  return { data: { username, password }, lease: { id, seconds: ttl, renewable: true } };
}

function lifeOf({ defaultTtl, maxTtl }: DynamicRole) {
  const longest = maxTtl || SYSTEM_TTL;
  return { ttl: Math.min(defaultTtl || SYSTEM_TTL, longest), maxTtl: longest };
}

/** As Vault names them: who, for which role, when; Postgres takes 63 letters. */
function usernameFor(role: string, now: number): string {
  const random = randomBytes(10).toString('hex');
  return `v-token-${role.slice(0, 8)}-${random}-${Math.floor(now / 1000)}`.slice(0, 63);
}

/**
 * The database that a role belongs to.
 *
 * @throws RequestError 400, 500.
 */
export function configFor(database: DatabaseState, dbName: string, role: string): DatabaseConfig {
  const config = database.configs.get(dbName);
  if (!config)
    throw new RequestError(500, `failed to find entry for connection with name: "${dbName}"`);
  if (config.allowedRoles.includes('*') || config.allowedRoles.includes(role)) return config;
  throw new RequestError(500, `"${role}" is not an allowed role`);
}

/** Postgres' own words stay here: they may quote a statement, and that a password. */
export function failed(error: NodeJS.ErrnoException): never {
  throw new RequestError(500, `failed to execute query: ${error.code ?? 'no connection'}`);
}

function nameOf({ captures }: Call): string {
  return captures[0] ?? '';
}
