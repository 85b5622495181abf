import pg from 'pg';

/** Runs something with a session of its own. */
export async function withClient(
  connectionString: string,
  run: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}
