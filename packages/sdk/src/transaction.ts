import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { SpireDBError } from './errors.ts';
import { postgresComplaint, sqlstateOf } from './postgres-error.ts';

/** How a transaction runs. */
export interface TransactionOptions {
  /** Default: `read committed`. */
  readonly isolationLevel?: 'read committed' | 'repeatable read' | 'serializable';
  /** How often it is tried when Postgres breaks off a conflict. Default: 5; 1 never retries. */
  readonly attempts?: number;
}

const CONFLICTS = ['40001', '40P01'];
const LONGEST_PAUSE_MILLIS = 2000;

/**
 * Runs a function in a transaction on one client. After a serialization failure or a deadlock the
 * whole function runs again, after a pause with jitter.
 *
 * @throws SpireDBError `OUTCOME_UNKNOWN` when the connection was lost while it was committed; whatever
 * the function throws otherwise.
 */
export async function runTransaction<T>(
  pool: Pool,
  environment: string,
  run: (client: PoolClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const attempts = options.attempts ?? 5;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryTransaction(pool, environment, run, options.isolationLevel);
    } catch (error) {
      const conflict = CONFLICTS.includes(sqlstateOf(error) ?? '');
      if (!conflict || attempt >= attempts) throw error;
      await sleep(Math.random() * Math.min(50 * 2 ** attempt, LONGEST_PAUSE_MILLIS));
    }
  }
}

async function tryTransaction<T>(
  pool: Pool,
  environment: string,
  run: (client: PoolClient) => Promise<T>,
  isolationLevel: TransactionOptions['isolationLevel'],
): Promise<T> {
  const client = await pool.connect();
  // A client that can't be rolled back is destroyed: its next user would be inside our transaction.
  let broken = true;
  try {
    await client.query(`begin${isolationLevel ? ` isolation level ${isolationLevel}` : ''}`);
    let result: T;
    try {
      result = await run(client);
    } catch (error) {
      await client.query('rollback').then(
        () => {
          broken = false;
        },
        () => {},
      );
      throw error;
    }
    await commit(client, environment);
    broken = false;
    return result;
  } finally {
    client.release(broken);
  }
}

async function commit(client: PoolClient, environment: string): Promise<void> {
  try {
    await client.query('commit');
  } catch (error) {
    const complaint = postgresComplaint(error);
    if (complaint && !complaint.sqlstate.startsWith('57P')) throw error;
    throw new SpireDBError(
      'OUTCOME_UNKNOWN',
      `The connection to ${environment} was lost while a transaction was committed.`,
      {
        environment,
        suggestions: ['It may or may not have happened: look before you do it again.'],
        cause: error,
      },
    );
  }
}
