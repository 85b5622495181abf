import pg from 'pg';
import type { Session, Side } from '../src/index.ts';

export const actor = { name: 'ann', toolVersion: '1.2.3' };

/** A database of a test, with sessions for transfers and one to look at it. */
export interface TestSide extends Side {
  readonly url: string;
  readonly client: pg.Client;
  readonly pool: pg.Pool;
}

/** Connects to a database, for somebody to look at it and for transfers. */
export async function openSide(environment: string, url: string): Promise<TestSide> {
  // Transfers take what has their name for their own.
  const client = new pg.Client({ connectionString: url, application_name: 'transfer test' });
  const pool = new pg.Pool({ connectionString: url, max: 9, application_name: 'transfer test' });
  client.on('error', () => {});
  pool.on('error', () => {});
  // As a connector's sessions do, they say that they were ended to whoever uses them.
  pool.on('connect', (session) => session.on('error', () => {}));
  await client.connect();
  const connect = async () => (await pool.connect()) as unknown as Session;
  return { environment, url, client, pool, sessions: { connect } };
}
