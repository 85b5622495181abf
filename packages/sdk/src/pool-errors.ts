import { channels } from './channels.ts';
import { SpireDBError } from './errors.ts';
import type { PoolStats, PoolTerms } from './spire-pool.ts';

/** It takes no more work. */
export function closed(environment: string): SpireDBError {
  return new SpireDBError('CONNECTOR_CLOSED', `The connector of ${environment} is closed.`, {
    environment,
    suggestions: ['Open another, or close this one later.'],
  });
}

/** No connection became free in time, or too many wait for one already. */
export function exhausted(
  { environment, acquireMillis }: PoolTerms,
  { max, active, waiting }: PoolStats,
): SpireDBError {
  const message = `No connection to ${environment} was free: ${active} of ${max} in use, ${waiting} waiting.`;
  return new SpireDBError('ACQUIRE_TIMEOUT', message, {
    environment,
    suggestions: [
      'Look for what holds connections for long, or allow more of them: pool: {max}',
      `Who waits does so for ${acquireMillis} ms: pool: {connectMillis}`,
    ],
  });
}

/** A writer was asked for, and a standby answers: nothing has happened. */
export function failover(environment: string): SpireDBError {
  if (channels.failover.hasSubscribers) channels.failover.publish({ environment });
  return new SpireDBError(
    'FAILOVER_IN_PROGRESS',
    `The server of ${environment} is a standby, which may only be read.`,
    {
      environment,
      suggestions: [
        'While the writer moves: try again in a few seconds.',
        'If it stays so, DB_HOSTNAME names a replica: spire env show',
      ],
    },
  );
}

/** Whether a connection is of no more use after an error. */
export function isBroken(error: unknown): boolean {
  if (!(error instanceof SpireDBError)) return false;
  if (error.code === 'QUERY_TIMEOUT') return error.sqlstate === undefined;
  return ['CONNECTION_LOST', 'FAILOVER_IN_PROGRESS', 'OUTCOME_UNKNOWN'].includes(error.code);
}

export function isLost(error: unknown): boolean {
  return error instanceof SpireDBError && error.code === 'CONNECTION_LOST';
}

/** A prepared statement that a migration made useless, or that a pooler has forgotten. Nothing was run. */
export function hasStalePlan(error: unknown): boolean {
  if (!(error instanceof SpireDBError)) return false;
  const { sqlstate, message } = error;
  return sqlstate === '26000' || (sqlstate === '0A000' && message.includes('cached plan'));
}
