import { BEGIN_SNAPSHOT, beginSnapshot } from './begin-snapshot.ts';
import type { Session, Sessions } from './session.ts';

/** A database as it was at one moment, to be read from several sessions. */
export interface Snapshot extends AsyncDisposable {
  /** The first of its sessions. */
  readonly session: Session;
  /** Opens another session that sees the same. It ends with the snapshot. */
  open(): Promise<Session>;
}

/**
 * Opens a snapshot of the tables of `public`; it may only be read. What waits in it for an answer fails when
 * it is disposed.
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
  const end = async () => {
    for (const session of opened.splice(0)) session.release(true);
  };
  try {
    const session = await connect();
    await beginSnapshot(session, ['public']);
    const { rows } = await session.query('select pg_export_snapshot() as id');
    return {
      session,
      async open() {
        const another = await connect();
        await another.query(`${BEGIN_SNAPSHOT}; set transaction snapshot '${rows[0]?.id}';
          set local idle_in_transaction_session_timeout to 0`);
        return another;
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
