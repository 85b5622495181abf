import type { PostgresServer } from '@spire/servers';
import pg from 'pg';

/** Runs something on a database as its server's administrator. */
export async function withClient<T>(
  { host, port, user, password }: PostgresServer,
  database: string,
  run: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
