import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@spire/migrate';
import { TransferError } from '../errors.ts';
import { type DatabaseSession, SESSION_COLUMNS, withoutValues } from './sessions.ts';

/** What is ended: the statement that runs, whose transaction fails with it, or the whole session. */
export type Ending = 'statement' | 'session';

const PATIENCE_MILLIS = 5000;
const POLL_MILLIS = 50;

/**
 * Finds a session of which something may be ended: a client's, of this database, and not the one that asks.
 *
 * @throws TransferError `SESSION_NOT_FOUND`, `SESSION_REFUSED`, `SESSION_DENIED` (this role may not see what
 * it is), `NOTHING_TO_CANCEL`.
 * @example
 * const session = await findSession(client, 4711, 'statement');
 */
export async function findSession(
  client: Client,
  pid: number,
  ending: Ending,
): Promise<DatabaseSession> {
  const { rows } = await client.query(
    `select to_json(s) as found from (
       select ${SESSION_COLUMNS}, pid = pg_backend_pid() as own, current_user as role,
         datname as database, datname = current_database() as here
       from pg_stat_activity where pid = $1
     ) s`,
    [pid],
  );
  if (!rows[0]) {
    throw new TransferError('SESSION_NOT_FOUND', `There is no session with pid ${pid}.`, {
      suggestions: ['It may have ended by itself. See who is there: spire db locks'],
    });
  }
  const { own, role, database, here, ...session } = rows[0].found as Found;
  const { user, kind } = session;
  if (own) throw refused(pid, 'the session that asks');
  if (user === null || database === null)
    throw refused(pid, `the server's own (${kind ?? 'hidden'})`);
  if (!here) throw refused(pid, `in another database, ${database}`);
  if (kind === null) throw denied(pid, `${role} may not see what pid ${pid}, of ${user}, is.`);
  if (kind !== 'client backend') throw refused(pid, `the server's own (${kind})`);
  if (ending === 'statement' && session.state !== 'active') throw nothingRuns(session);
  return withoutValues(session);
}

interface Found extends DatabaseSession {
  readonly own: boolean;
  readonly role: string;
  readonly database: string | null;
  readonly here: boolean;
}

/**
 * Ends what {@link findSession} found, and nothing that came after it, and waits until it has ended.
 *
 * @throws TransferError `SESSION_NOT_FOUND` when it has ended by itself; `SESSION_DENIED`; `SESSION_GOES_ON`
 * when it hasn't ended after 5 s.
 * @example
 * await endSession(client, session, 'statement');
 */
export async function endSession(
  client: Client,
  session: DatabaseSession,
  ending: Ending,
): Promise<void> {
  const { pid, user } = session;
  const [signal, condition, values] = THE_SAME[ending](session);
  const from = `from pg_stat_activity where ${condition}`;
  const { rows } = await client.query(`select ${signal}(pid) ${from}`, values).catch((error) => {
    throw error.code === '42501'
      ? denied(pid, `This role may not end what ${user} does (pid ${pid}).`)
      : error;
  });
  if (rows.length === 0) {
    throw new TransferError(
      'SESSION_NOT_FOUND',
      `The ${ending} of pid ${pid} has ended by itself.`,
      {
        suggestions: ['Nothing was ended. See who is there now: spire db locks'],
      },
    );
  }
  const deadline = Date.now() + PATIENCE_MILLIS;
  while ((await client.query(`select ${from}`, values)).rows.length > 0) {
    if (Date.now() > deadline) throw goesOn(pid, ending);
    await sleep(POLL_MILLIS);
  }
}

/** By what is ended: with what, and how it is told from what the same process did before and does later. */
const THE_SAME: Record<Ending, (session: DatabaseSession) => [string, string, unknown[]]> = {
  session: ({ pid, connectedSince }) => [
    'pg_terminate_backend',
    'pid = $1 and backend_start = $2',
    [pid, connectedSince],
  ],
  statement: ({ pid, connectedSince, statementSince }) => [
    'pg_cancel_backend',
    `pid = $1 and backend_start = $2 and query_start = $3 and state = 'active'`,
    [pid, connectedSince, statementSince],
  ],
};

function refused(pid: number, what: string): TransferError {
  return new TransferError('SESSION_REFUSED', `pid ${pid} is ${what}: Spire doesn't end that.`, {
    suggestions: ['See who waits for whom: spire db locks'],
  });
}

function denied(pid: number, message: string): TransferError {
  return new TransferError('SESSION_DENIED', message, {
    suggestions: [
      'Whose session it is may end it, and so may a member of pg_signal_backend and pg_read_all_stats.',
      `Ask one of those: select pg_terminate_backend(${pid})`,
    ],
  });
}

function nothingRuns({ pid, state }: DatabaseSession): TransferError {
  return new TransferError(
    'NOTHING_TO_CANCEL',
    `pid ${pid} runs no statement that could be cancelled: it is ${state}.`,
    { suggestions: [`End its session and its transaction: spire db kill ${pid} --terminate`] },
  );
}

function goesOn(pid: number, ending: Ending): TransferError {
  return new TransferError(
    'SESSION_GOES_ON',
    `pid ${pid} was told to end its ${ending}, and hasn't within ${PATIENCE_MILLIS / 1000} s.`,
    {
      suggestions: [
        'It may end yet. See who is there: spire db locks',
        ...(ending === 'statement' ? [`End its session: spire db kill ${pid} --terminate`] : []),
      ],
    },
  );
}
