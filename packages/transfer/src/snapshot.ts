import type { Session, Sessions } from './session.ts';

/** A database as it was at one moment, to be read from several sessions. */
export interface Snapshot extends AsyncDisposable {
  /** The first of its sessions. */
  readonly session: Session;
  /** Opens another session that sees the same. It ends with the snapshot. */
  open(): Promise<Session>;
}

/** Opens a snapshot; it may only be read. What waits in it for an answer fails when it is disposed. */
export async function openSnapshot(sessions: Sessions): Promise<Snapshot> {
  const opened: Session[] = [];
  const open = async (set = '') => {
    const session = await sessions.connect();
    opened.push(session);
    await session.query(
      `begin isolation level repeatable read read only${set};
       set local idle_in_transaction_session_timeout to 0`,
    );
    return session;
  };
  const end = async () => {
    for (const session of opened.splice(0)) session.release(true);
  };
  try {
    const session = await open();
    const { rows } = await session.query('select pg_export_snapshot() as id');
    return {
      session,
      open: () => open(`; set transaction snapshot '${rows[0]?.id}'`),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
