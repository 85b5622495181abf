import type { PostgresServer } from '@spire/servers';
import pg from 'pg';
import { buildLegacyDatabase } from './legacy-database.ts';
import type { PracticeEnvironment } from './practice-environments.ts';

/**
 * Makes an environment's database unless it is there. It is built beside its place and renamed, so
 * that a kill in the middle leaves nothing half made.
 *
 * @returns whether it was made.
 */
export async function ensureDatabase(
  postgres: PostgresServer,
  environment: PracticeEnvironment,
): Promise<boolean> {
  const { database, owner, reader } = environment;
  return withDatabase(postgres, 'postgres', async (client) => {
    // Held by the session of whoever was killed, too, until its statement has ended.
    await client.query('select pg_advisory_lock(hashtext($1))', [database]);
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rows.length > 0) return false;
    const building = `${database}_building`;
    await client.query(`drop database if exists ${building} with (force)`);
    await client.query(`create database ${building} owner ${owner}`);
    await client.query(`revoke all on database ${building} from public`);
    if (reader) await client.query(`grant connect on database ${building} to ${reader}`);
    await withDatabase(postgres, building, (inside) => buildLegacyDatabase(inside, environment));
    await client.query(`alter database ${building} rename to ${database}`);
    return true;
  });
}

async function withDatabase<T>(
  postgres: PostgresServer,
  database: string,
  run: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: postgres.connectionString(database) });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
