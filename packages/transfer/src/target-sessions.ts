import type { Session, Sessions, Side } from './session.ts';

/** The sessions of one transfer in its target. */
export interface TargetSessions extends Sessions {
  /** The first of them, which holds the target's lock. */
  readonly control: Session;
  /** The process ids of all that were opened, and of what the caller calls its own. */
  readonly own: ReadonlySet<number>;
}

/** How long what was broken off may clean up: a network that is dead never answers. */
const CLEAN_UP_MILLIS = 15_000;

/** A client that vanishes, such as a laptop that sleeps, would hold its locks for two hours otherwise. */
const BEGIN = `select pg_backend_pid() as pid,
  set_config('tcp_keepalives_idle', '60', false),
  set_config('tcp_keepalives_interval', '15', false),
  set_config('tcp_keepalives_count', '4', false)`;

/**
 * Lends sessions of a target for as long as something runs.
 *
 * @param signal what breaks it off; the first session is given up some seconds later at the latest.
 */
export async function withTarget<T>(
  { sessions, own = [] }: Side,
  signal: AbortSignal | undefined,
  run: (target: TargetSessions) => Promise<T>,
): Promise<T> {
  const pids = new Set(own);
  const connect = async () => {
    const session = await sessions.connect();
    try {
      const { rows } = await session.query(BEGIN);
      pids.add(Number(rows[0]?.pid));
      return session;
    } catch (error) {
      session.release(true);
      throw error;
    }
  };
  const control = await connect();
  let late: NodeJS.Timeout | undefined;
  let ended = false;
  const end = () => {
    if (!ended) control.release(true);
    ended = true;
  };
  const giveUpLater = () => {
    late = setTimeout(end, CLEAN_UP_MILLIS);
  };
  signal?.addEventListener('abort', giveUpLater, { once: true });
  try {
    return await run({ control, connect, own: pids });
  } finally {
    signal?.removeEventListener('abort', giveUpLater);
    clearTimeout(late);
    end();
  }
}
