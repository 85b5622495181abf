import { type Client, withoutLiterals } from '@spire/migrate';

/** A session of a database, or a process of the server that works in it. Moments are ISO 8601. */
export interface DatabaseSession {
  readonly pid: number;
  /** Null for a process of the server. */
  readonly user: string | null;
  readonly application: string | null;
  /** The address that it came from; null for a socket, and where it is hidden. */
  readonly client: string | null;
  /** Such as `client backend` or `autovacuum worker`. Null where it is hidden. */
  readonly kind: string | null;
  /** Such as `active` or `idle in transaction`. Null where it is hidden, and for a process of the server. */
  readonly state: string | null;
  readonly connectedSince: string | null;
  /** When its open transaction began; null when it has none, or where it is hidden. */
  readonly transactionSince: string | null;
  /** When the statement began that it runs, or ran last. */
  readonly statementSince: string | null;
  /** That statement, with a `?` for each value and cut off. */
  readonly statement: string | null;
}

/** The sessions of a database at a moment. */
export interface SessionsAt {
  /** When they were looked at, by the server's clock. ISO 8601. */
  readonly at: string;
  readonly sessions: readonly DatabaseSession[];
}

const SHOWN_LENGTH = 120;

/** SQL: what is read of `pg_stat_activity`. Postgres hides most of it from roles with few rights. */
export const SESSION_COLUMNS = `
  pid, usename as user, nullif(application_name, '') as application, host(client_addr) as client,
  backend_type as kind, state, backend_start as "connectedSince", xact_start as "transactionSince",
  query_start as "statementSince", case when state is not null then nullif(query, '') end as statement`;

/**
 * Reads the other sessions of a database, those that connected first first.
 *
 * @example
 * const { sessions } = await readSessions(client);
 */
export async function readSessions(client: Client): Promise<SessionsAt> {
  const { rows } = await client.query(`
    select to_json(clock_timestamp()) as at,
      coalesce(json_agg(s order by "connectedSince", pid), '[]') as sessions
    from (
      select ${SESSION_COLUMNS} from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
    ) s`);
  const { at, sessions } = rows[0] as unknown as SessionsAt;
  return { at, sessions: sessions.map(withoutValues) };
}

/** A session as it may be shown. */
export function withoutValues(session: DatabaseSession): DatabaseSession {
  const statement = session.statement === null ? null : withoutLiterals(session.statement);
  if (statement === null || statement.length <= SHOWN_LENGTH) return { ...session, statement };
  return { ...session, statement: `${statement.slice(0, SHOWN_LENGTH - 3)}...` };
}

/** Whether a client's session, and not a process of the server. One that is hidden counts as a client's. */
export function isOfClient({ kind, user }: DatabaseSession): boolean {
  return user !== null && (kind ?? 'client backend') === 'client backend';
}

/** Whether this role may not see what a session does. */
export function isHidden({ kind, user }: DatabaseSession): boolean {
  return user !== null && kind === null;
}
