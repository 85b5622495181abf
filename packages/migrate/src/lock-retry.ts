import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';

/** How long a file is tried again whose locks others hold, when nobody says, in milliseconds. */
export const RETRY_MILLIS = 300_000;

/** Between two attempts those who waited behind us get their turn. */
const PAUSE_MILLIS = 1000;

/** A lock that wasn't had in time, or a deadlock. */
const BLOCKED = ['55P03', '40P01'];

/** An attempt that others' locks prevented. */
export interface Blocked {
  /** How long until the next attempt, in milliseconds. */
  readonly pauseMillis: number;
  /** The sessions whose transactions hold locks, the oldest first, in words. */
  readonly holders: readonly string[];
}

/**
 * Runs something again, after a pause of random length, as long as others' locks prevent it: the session's
 * `lock_timeout` ends each attempt, so that nobody waits behind it for longer.
 *
 * @param retryMillis how long after the first attempt another one may begin.
 * @param onBlocked told before each pause.
 * @throws MigrateError `MIGRATION_BLOCKED`, naming who holds the locks; whatever `run` throws otherwise.
 */
export async function retryOnLocks<T>(
  client: Client,
  retryMillis: number,
  run: () => Promise<T>,
  onBlocked?: (blocked: Blocked) => unknown,
): Promise<T> {
  const deadline = Date.now() + retryMillis;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const { cause = error } = error as { cause?: unknown };
      if (!BLOCKED.includes((cause as { code?: string }).code ?? '')) throw error;
      const holders = await lockHolders(client);
      const pauseMillis = PAUSE_MILLIS * (0.5 + Math.random());
      if (Date.now() + pauseMillis > deadline) throw blockedError(error, holders);
      await onBlocked?.({ pauseMillis, holders });
      await sleep(pauseMillis);
    }
  }
}

async function lockHolders(client: Client): Promise<string[]> {
  const { rows } = await client.query(`
    select pid, usename, application_name, state,
      extract(epoch from clock_timestamp() - xact_start)::int as seconds
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
      and pid in (
        select pid from pg_locks
        where locktype = 'relation' and granted and relation >= 16384
          and database = (select oid from pg_database where datname = current_database())
      )
    order by xact_start
    limit 3`);
  return rows.map(
    ({ pid, usename, application_name, state, seconds }) =>
      `${usename} (${application_name || 'unnamed'}, pid ${pid}, ${state ?? 'state hidden'}, in its transaction for ${seconds ?? '?'} s)`,
  );
}

function blockedError(cause: unknown, holders: readonly string[]): MigrateError {
  const { message } = cause as Error;
  const who = holders.length > 0 ? ` Transactions are open of ${holders.join('; ')}.` : '';
  return new MigrateError('MIGRATION_BLOCKED', `${message}${who}`, {
    suggestions: [
      'Run it again when those have ended: it goes on where it stopped.',
      'See who stands before it, and what would end that: spire db locks',
    ],
    cause,
  });
}
