import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';

/** Any fixed number: advisory locks are per database. It spells "spire" in ASCII. */
const LOCK_KEY = '495807197797';

const POLL_MILLIS = 100;

/** How long a migration of another is waited for when nobody says, in milliseconds. */
export const WAIT_MILLIS = 30_000;

/**
 * Runs something while this session alone may migrate the database.
 *
 * @param waitMillis how long to wait for another's migration to end.
 * @throws MigrateError `MIGRATION_LOCKED`, naming who holds the lock.
 */
export async function withMigrationLock<T>(
  client: Client,
  waitMillis: number,
  run: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + waitMillis;
  for (;;) {
    const { rows } = await client.query('select pg_try_advisory_lock($1) as locked', [LOCK_KEY]);
    if (rows[0]?.locked) break;
    if (Date.now() >= deadline) throw await lockedError(client);
    await sleep(POLL_MILLIS);
  }
  try {
    return await run();
  } finally {
    // A session that broke took its lock along.
    await client.query('select pg_advisory_unlock($1)', [LOCK_KEY]).catch(() => {});
  }
}

async function lockedError(client: Client): Promise<MigrateError> {
  const { rows } = await client.query(
    `select a.pid, a.usename, a.application_name, a.client_addr, a.backend_start
     from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and l.database = (
       select oid from pg_database where datname = current_database()
     ) and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [LOCK_KEY],
  );
  const [holder] = rows;
  const who = holder
    ? `${holder.usename} from ${holder.client_addr ?? 'this host'} (${holder.application_name || 'unnamed'}, pid ${holder.pid})`
    : 'another session';
  return new MigrateError('MIGRATION_LOCKED', `Another migration is running: ${who}.`, {
    suggestions: ['Wait for it to end, then run this again: nothing was changed.'],
  });
}
