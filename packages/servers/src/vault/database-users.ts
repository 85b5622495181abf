import type pg from 'pg';
import type { DatabaseConfig } from './database-mount.ts';

const TIMEOUT_MILLIS = 5000;
const ATTEMPTS = 10;

// What Vault does when a role doesn't say otherwise.
const RENEWAL = [`alter role "{{name}}" valid until '{{expiration}}'`];
const ROTATION = [`alter role "{{name}}" with password '{{password}}'`];

/** What stands in statements between double braces. */
export interface Filling {
  readonly name: string;
  readonly password?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Makes a user by a role's statements: all of them, or none. */
export function createUser(
  config: DatabaseConfig,
  statements: readonly string[],
  filling: Filling,
): Promise<void> {
  return execute(config, statements, filling);
}

/** Lets a user's password hold for longer. */
export function prolongUser(
  config: DatabaseConfig,
  statements: readonly string[],
  filling: Filling,
): Promise<void> {
  return execute(config, statements.length > 0 ? statements : RENEWAL, filling);
}

/** Gives a user another password. */
export function changePassword(
  config: DatabaseConfig,
  statements: readonly string[],
  filling: Filling,
): Promise<void> {
  return execute(config, statements.length > 0 ? statements : ROTATION, filling);
}

/** Removes a user. Without statements it is no fault when there is none by now. */
export function dropUser(
  config: DatabaseConfig,
  statements: readonly string[],
  name: string,
): Promise<void> {
  return statements.length > 0
    ? execute(config, statements, { name })
    : connected(config, (client) => revokeAndDrop(client, name));
}

/** Whether the database can be reached. @throws what Postgres says. */
export async function verifyConnection(config: DatabaseConfig): Promise<void> {
  await connected(config, (client) => client.query('select 1'));
}

/** What may be told of a fault: Postgres' own words may quote a statement, and that a password. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code ?? 'no connection';
}

async function execute(
  config: DatabaseConfig,
  statements: readonly string[],
  { name, password = '', expiresAt = 0 }: Filling,
): Promise<void> {
  const expiration = new Date(expiresAt).toISOString();
  const values = new Map(Object.entries({ name, username: name, password, expiration }));
  const filled = statements.map((statement) =>
    statement
      .replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values.get(key) ?? whole)
      .replace(/;\s*$/, ''),
  );
  // Sent as one text: Postgres does all of it or nothing. A comment may end a statement.
  const script = filled.join('\n;\n');
  await connected(config, (client) => insistently(() => client.query(script)));
}

/**
 * As Vault's PostgreSQL plugin does: takes what tables, schemas and the database allow, then drops the
 * role. What the user owns stays, and keeps the role alive; only a role's own statements can help that.
 */
async function revokeAndDrop(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  if (rowCount === 0) return;
  const granted = await client.query<{ schema: string }>(
    `select distinct table_schema as schema from information_schema.role_column_grants
      where grantee = $1`,
    [name],
  );
  const { rows } = await client.query<{ database: string }>(
    'select current_database() as database',
  );
  const quoted = (text: string) => client.escapeIdentifier(text);
  const statements = [
    ...granted.rows.flatMap(({ schema }) => [
      `revoke all privileges on all tables in schema ${quoted(schema)} from ${quoted(name)}`,
      `revoke usage on schema ${quoted(schema)} from ${quoted(name)}`,
    ]),
    ...['all tables in', 'all sequences in'].map(
      (all) => `revoke all privileges on ${all} schema public from ${quoted(name)}`,
    ),
    `revoke usage on schema public from ${quoted(name)}`,
    ...rows.map(
      ({ database }) => `revoke connect on database ${quoted(database)} from ${quoted(name)}`,
    ),
    `drop role if exists ${quoted(name)}`,
  ];
  for (const statement of statements) await insistently(() => client.query(statement));
}

/** Where two change the privileges of one thing at once, Postgres fails one: "tuple concurrently updated". */
async function insistently(query: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await query();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'XX000' || attempt === ATTEMPTS) throw error;
    }
  }
}

async function connected<Result>(
  config: DatabaseConfig,
  run: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { connectionUrl, username, password } = config;
  const url = connectionUrl
    .replaceAll('{{username}}', encodeURIComponent(username))
    .replaceAll('{{password}}', encodeURIComponent(password));
  const { Client } = (await import('pg')).default;
  const client = new Client({
    // With what the modes of TLS mean to everybody else: `require` doesn't ask for an authority.
    connectionString: `${url}${url.includes('?') ? '&' : '?'}uselibpqcompat=true`,
    connectionTimeoutMillis: TIMEOUT_MILLIS,
    statement_timeout: TIMEOUT_MILLIS,
    // For a server that says nothing at all any more.
    query_timeout: 2 * TIMEOUT_MILLIS,
  });
  // That it is gone is told by the query.
  client.on('error', () => {});
  try {
    await client.connect();
    return await run(client);
  } finally {
    await client.end();
  }
}
