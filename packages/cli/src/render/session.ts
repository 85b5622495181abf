import type { DatabaseSession } from '@spire/transfer';
import { duration } from './duration.ts';
import { localTime } from './table.ts';
import { visible } from './visible.ts';

/** Where a connection leads, and as whom. */
interface Where {
  readonly host?: string | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
}

/** Who a session is, and what it does: `spire (psql, pid 812), idle in transaction`. */
export function sessionText({ pid, user, application, kind, state }: DatabaseSession): string {
  const who = user ?? kind ?? 'unknown';
  const named = application ?? (user === null ? undefined : 'unnamed');
  const what = state ?? (user === null ? undefined : 'state hidden');
  return visible(`${who} (${named ? `${named}, ` : ''}pid ${pid})${what ? `, ${what}` : ''}`);
}

/** How long ago something began, such as `12 min`; null when it didn't, or is hidden. */
export function sinceText(since: string | null, at: string): string | null {
  return since === null ? null : duration(Math.max(0, (Date.parse(at) - Date.parse(since)) / 1000));
}

/** What to say of sessions that hide what they do. */
export function hiddenText(count: number): string {
  const sessions =
    count === 1 ? '1 session hides what it does' : `${count} sessions hide what they do`;
  return `${sessions} from this role: a member of pg_read_all_stats sees it.`;
}

/** Whom it hits when a session or its statement is ended, and where. */
export function renderEnding(
  session: DatabaseSession,
  environment: string,
  { host, database, user }: Where,
): string {
  const from = session.client ? ` from ${session.client}` : '';
  const since = session.connectedSince
    ? `, connected since ${localTime(new Date(session.connectedSince))}`
    : '';
  return [
    `${environment}: ${host}, database ${database}, as ${user}`,
    `${sessionText(session)}${from}${since}`,
    ...(session.statement ? [`  ${visible(session.statement)}`] : []),
  ].join('\n');
}
