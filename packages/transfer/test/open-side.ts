import pg from 'pg';
import type { Session, Side } from '../src/index.ts';

export const actor = { name: 'ann', toolVersion: '1.2.3' };

/** A database of a test, with sessions for transfers and one to look at it. */
export interface TestSide extends Side {
  readonly url: string;
  readonly client: pg.Client;
  readonly own: number[];
  readonly pool: pg.Pool;
}

/**
 * Connects to a database, for somebody to look at it and for transfers.
 *
 * @param own process ids of sessions that look at it; this one's is added.
 */
export async function openSide(
  environment: string,
  url: string,
  own: number[] = [],
): Promise<TestSide> {
  const client = new pg.Client({ connectionString: url, application_name: 'transfer test' });
  const pool = new pg.Pool({ connectionString: url, max: 9, application_name: 'transfer test' });
  client.on('error', () => {});
  pool.on('error', () => {});
  // As a connector's sessions do, they say that they were ended to whoever uses them.
  pool.on('connect', (session) => session.on('error', () => {}));
  await client.connect();
  own.push((await client.query('select pg_backend_pid() as pid')).rows[0].pid);
  const connect = async () => (await pool.connect()) as unknown as Session;
  return { environment, url, client, own, pool, sessions: { connect } };
}
