import { applyMigrations, claimDatabase } from '@spire/migrate';
import type { PostgresServer } from '@spire/servers';
import pg from 'pg';
import { generate } from './generate.ts';

/** What is copied into, and what that is made from where it has to be migrated. */
export const TARGET = 'target';
export const EMPTY = 'empty';

/** Makes a migrated database, with that many megabytes of rows. */
export async function makeDatabase(
  server: PostgresServer,
  name: string,
  environment: string,
  megabytes?: number,
): Promise<void> {
  await server.createDatabase(name);
  const clients = [0, 1].map(() => new pg.Client(server.connectionString(name)));
  try {
    for (const client of clients) await client.connect();
    for (const client of clients.slice(0, 1)) {
      await applyMigrations(client, { actor: { name: 'bench', toolVersion: '0' } });
      await claimDatabase(client, environment);
    }
    if (megabytes !== undefined) await generate(clients, megabytes);
  } finally {
    for (const client of clients) await client.end();
  }
}

/** Makes the target anew, and lets the server write what it still has to of the one before. */
export async function renewTarget(server: PostgresServer, template?: string): Promise<void> {
  await server.dropDatabase(TARGET);
  await server.createDatabase(TARGET, template === undefined ? {} : { template });
  await ask(server, TARGET, 'checkpoint');
}

/** How many runs a database has. */
export async function countRuns(server: PostgresServer, database: string): Promise<number> {
  return Number((await ask(server, database, 'select count(*) as answer from history'))?.answer);
}

/** What a database takes, in bytes. */
export async function sizeOf(server: PostgresServer, database: string): Promise<number> {
  const sql = 'select pg_database_size(current_database()) as answer';
  return Number((await ask(server, database, sql))?.answer);
}

/** What the server calls itself. */
export async function versionOf(server: PostgresServer): Promise<string> {
  const row = await ask(server, 'postgres', `select current_setting('server_version') as answer`);
  return `PostgreSQL ${row?.answer}`;
}

async function ask(server: PostgresServer, database: string, sql: string) {
  const client = new pg.Client(server.connectionString(database));
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}
