import type { Client } from '@spire/migrate';
import { type DatabaseSession, isHidden, isOfClient, readSessions } from './sessions.ts';

/** A session that waits for a lock. */
export interface Wait {
  readonly session: DatabaseSession;
  /** Since when, ISO 8601; null in the moment in which it begins. */
  readonly since: string | null;
  /** Such as `AccessExclusiveLock`. */
  readonly mode: string;
  /** The table; null when it waits for a transaction to end, as for a row's. */
  readonly table: string | null;
  /** Who holds it, or stands before it. */
  readonly blockedBy: readonly DatabaseSession[];
}

/** Who waits for whom, and who takes long. */
export interface Locks {
  /** The longest first. */
  readonly waits: readonly Wait[];
  /** Those for whom others wait, and who wait for nobody. */
  readonly heads: readonly DatabaseSession[];
  /** Statements that have been running for longer than was asked, the longest first. */
  readonly long: readonly DatabaseSession[];
  /** How many sessions hide what they do from this role. */
  readonly hidden: number;
  /** When this was looked at, by the server's clock. ISO 8601. */
  readonly at: string;
}

/**
 * Reads who waits for whose locks, and which statements have been running for long.
 *
 * @param longerThanSeconds from when on a statement counts as long.
 * @example
 * const { heads } = await readLocks(client, 60);
 */
export async function readLocks(client: Client, longerThanSeconds: number): Promise<Locks> {
  const { rows } = await client.query(WAITS);
  const { at, sessions } = await readSessions(client);
  const byPid = new Map(sessions.map((session) => [session.pid, session]));
  const known = (pids: Iterable<number>) =>
    [...new Set(pids)].flatMap((pid) => byPid.get(pid) ?? []);
  const waits = (rows as unknown as WaitRow[]).flatMap(({ pid, blockers, ...wait }) =>
    known([pid]).map((session) => ({ session, ...wait, blockedBy: known(blockers) })),
  );
  const waiting = new Set(waits.map(({ session }) => session.pid));
  const blockers = waits.flatMap(({ blockedBy }) => blockedBy.map(({ pid }) => pid));
  return {
    waits,
    heads: known(blockers.filter((pid) => !waiting.has(pid))),
    long: longest(sessions.filter(isOfClient), Date.parse(at) - longerThanSeconds * 1000),
    hidden: sessions.filter(isHidden).length,
    at,
  };
}

function longest(sessions: readonly DatabaseSession[], before: number): DatabaseSession[] {
  const since = ({ statementSince }: DatabaseSession) => Date.parse(statementSince ?? '');
  return sessions
    .filter((session) => session.state === 'active' && since(session) < before)
    .sort((one, other) => since(one) - since(other));
}

interface WaitRow extends Pick<Wait, 'since' | 'mode' | 'table'> {
  readonly pid: number;
  readonly blockers: readonly number[];
}

const WAITS = `
  select pid, to_json(waitstart) as since, mode, relation::regclass::text as table,
    pg_blocking_pids(pid) as blockers
  from pg_locks join pg_stat_activity using (pid)
  where not granted and datname = current_database()
  order by waitstart nulls last, pid`;
