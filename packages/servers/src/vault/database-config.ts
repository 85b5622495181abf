import { type DatabaseConfig, type DatabaseState, databaseAt } from './database-mount.ts';
import { reasonOf, verifyConnection } from './database-users.ts';
import type { DatabaseWork } from './database-work.ts';
import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { listKeys } from './key-listing.ts';
import { RequestError } from './request-error.ts';

const PLUGIN = 'postgresql-database-plugin';

/** `config/NAME`: how a database is reached, and which roles may use it. */
export function configRoutes(
  mount: string,
  { configs }: DatabaseState,
  { storage }: DatabaseWork,
): readonly Route[] {
  return [
    { pattern: /^config\/?$/, list: () => listKeys(configs.keys(), '') },
    {
      pattern: /^config\/([^/]+)$/,
      exists: (call) => configs.has(nameOf(call)),
      read(call): Answer | undefined {
        const config = configs.get(nameOf(call));
        return config && { data: describe(config) };
      },
      update: (call) => write(call, configs.get(nameOf(call))),
      delete: (call) => void configs.delete(nameOf(call)),
    },
  ];

  async function write(call: Call, before: DatabaseConfig | undefined): Promise<undefined> {
    const fields = fieldsOf(call.body);
    const plugin = fields.text('plugin_name') ?? (before ? PLUGIN : '');
    if (plugin === '') refuse('empty plugin name');
    if (plugin !== PLUGIN) refuse(`error creating database object: unknown plugin ${plugin}`);
    const config: DatabaseConfig = {
      connectionUrl: fields.text('connection_url') ?? before?.connectionUrl ?? '',
      username: fields.text('username') ?? before?.username ?? '',
      password: fields.text('password') ?? before?.password ?? '',
      allowedRoles:
        fields.texts('allowed_roles')?.map((role) => role.trim()) ?? before?.allowedRoles ?? [],
    };
    const failed = (reason: string) => refuse(`error creating database object: ${reason}`);
    if (config.connectionUrl === '') failed('connection_url cannot be empty');
    // Of Vault's other form, `host=… password=…`, nobody would know what to mask.
    if (!/^postgres(ql)?:\/\//.test(config.connectionUrl)) failed('connection_url has to be a URL');
    if (fields.flag('verify_connection') ?? true) {
      await verifyConnection(config).catch((error) =>
        failed(`error verifying connection: ${reasonOf(error)}`),
      );
    }
    storage.update((state) => databaseAt(state, mount)?.configs.set(nameOf(call), config));
  }
}

/** Without the password, wherever it was written. */
function describe({ connectionUrl, username, allowedRoles }: DatabaseConfig) {
  const masked = connectionUrl.replace(
    /^(\w+:\/\/[^:@/]*:)(?!\{\{)[^@/]*@/,
    (_whole, user: string) => `${user}*****@`,
  );
  return {
    allowed_roles: allowedRoles,
    connection_details: { connection_url: masked, username },
    password_policy: '',
    plugin_name: PLUGIN,
    plugin_version: '',
    root_credentials_rotate_statements: [],
  };
}

function nameOf({ captures }: Call): string {
  return captures[0] ?? '';
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
