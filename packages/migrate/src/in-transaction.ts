import type { Client } from './client.ts';

/** Runs something in a transaction, which is rolled back when it fails. */
export async function inTransaction(client: Client, run: () => Promise<unknown>): Promise<void> {
  await client.query('begin');
  try {
    await run();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
