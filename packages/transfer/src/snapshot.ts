import { retryOnLocks, WAIT_MILLIS } from '@spire/migrate';
import type { Session, Sessions } from './session.ts';

/** A database as it was at one moment, to be read from several sessions. */
export interface Snapshot extends AsyncDisposable {
  /** The first of its sessions. */
  readonly session: Session;
  /** Opens another session that sees the same. It ends with the snapshot. */
  open(): Promise<Session>;
}

/** SQL: the tables that may be read; a table that isn't there when it is locked was dropped just now. */
const READABLE = `
  select string_agg(format('public.%I', relname), ', ') as tables
  from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    and has_table_privilege(oid, 'select')`;

/**
 * Opens a snapshot; it may only be read. What waits in it for an answer fails when it is disposed.
 *
 * Until then nobody can truncate or rewrite a table of `public`: the snapshot would find it empty.
 *
 * @throws MigrateError `MIGRATION_BLOCKED`
 */
export async function openSnapshot(sessions: Sessions): Promise<Snapshot> {
  const opened: Session[] = [];
  const connect = async () => {
    const session = await sessions.connect();
    opened.push(session);
    return session;
  };
  const begin = (session: Session, set = '') =>
    session.query(
      `begin isolation level repeatable read read only${set};
       set local idle_in_transaction_session_timeout to 0`,
    );
  const end = async () => {
    for (const session of opened.splice(0)) session.release(true);
  };
  try {
    const session = await connect();
    await retryOnLocks(session, WAIT_MILLIS, async () => {
      const { rows } = await session.query(READABLE);
      await begin(session);
      // The snapshot is taken by the first query, with the locks in hand.
      if (rows[0]?.tables) {
        await session
          .query(`lock table ${rows[0].tables} in access share mode`)
          .catch(async (error) => {
            await session.query('rollback');
            throw error;
          });
      }
    });
    const { rows } = await session.query('select pg_export_snapshot() as id');
    return {
      session,
      async open() {
        const another = await connect();
        await begin(another, `; set transaction snapshot '${rows[0]?.id}'`);
        return another;
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
