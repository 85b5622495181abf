import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DatabaseConfig } from './database-mount.ts';
import { RequestError } from './request-error.ts';

const CONNECT_MILLIS = 5000;
const ATTEMPTS = 5;

/** What Vault does when nobody says otherwise; what the user owned stays, and is the administrator's. */
const REVOCATION = [
  'reassign owned by "{{name}}" to current_user',
  'drop owned by "{{name}}"',
  'drop role if exists "{{name}}"',
];
const RENEWAL = [`alter role "{{name}}" valid until '{{expiration}}'`];
const ROTATION = [`alter role "{{name}}" with password '{{password}}'`];

/** What stands in a statement between double braces. */
export interface Filling {
  readonly name: string;
  readonly password?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Makes a user by a role's statements. */
export function createUser(
  config: DatabaseConfig,
  statements: readonly string[],
  filling: Filling,
): Promise<void> {
  return run(config, statements, filling);
}

/** Lets a user's password hold for longer. */
export function prolongUser(config: DatabaseConfig, filling: Filling): Promise<void> {
  return run(config, RENEWAL, filling);
}

/** Removes a user; one that is gone already is no fault. */
export async function dropUser(
  config: DatabaseConfig,
  statements: readonly string[],
  name: string,
): Promise<void> {
  if (statements.length > 0) return run(config, statements, { name });
  const [there] = await ask(config, 'select 1 from pg_roles where rolname = $1', [name]);
  if (there) await run(config, REVOCATION, { name });
}

/** Gives a user another password. */
export function changePassword(config: DatabaseConfig, filling: Filling): Promise<void> {
  return run(config, ROTATION, filling);
}

/** Whether the database can be reached. @throws RequestError 400 */
export async function verifyConnection(config: DatabaseConfig): Promise<void> {
  await ask(config, 'select 1').catch((error: NodeJS.ErrnoException) => {
    throw new RequestError(
      400,
      `error creating database object: error verifying connection: ${error.code ?? 'failed'}`,
    );
  });
}

/** A password that needs no quoting anywhere. */
export function newPassword(): string {
  return randomBytes(15).toString('hex');
}

async function run(
  config: DatabaseConfig,
  statements: readonly string[],
  { name, password = '', expiresAt = 0 }: Filling,
): Promise<void> {
  const values: Record<string, string> = {
    name,
    username: name,
    password,
    expiration: new Date(expiresAt).toISOString(),
  };
  const filled = statements.flatMap((statement) =>
    statement.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole),
  );
  // One transaction: half a user would stay.
  const script = ['begin', ...filled, 'commit'].map((one) => one.replace(/;\s*$/, '')).join(';');
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ask(config, script);
      return;
    } catch (error) {
      // Two grants on one table at once: Postgres breaks one of them off ("tuple concurrently updated").
      const collided = (error as { code?: string }).code === 'XX000';
      if (!collided || attempt === ATTEMPTS) throw error;
    }
  }
}

async function ask(config: DatabaseConfig, sql: string, values?: unknown[]) {
  const { username, password } = config;
  const url = config.connectionUrl
    .replace('{{username}}', encodeURIComponent(username))
    .replace('{{password}}', encodeURIComponent(password));
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MILLIS,
    statement_timeout: CONNECT_MILLIS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}
