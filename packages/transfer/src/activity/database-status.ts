import type { Client } from '@spire/migrate';
import { type DatabaseSession, isHidden, isOfClient, readSessions } from './sessions.ts';

/** What a table takes. */
export interface TableSize {
  readonly schema: string;
  readonly name: string;
  /** How many rows, as Postgres estimates; null when it never counted. */
  readonly rows: number | null;
  /** With its indexes and what is stored beside it; null while it is locked for everybody else. */
  readonly bytes: number | null;
}

/** Sessions that have these in common. */
export interface ConnectionGroup {
  readonly user: string | null;
  readonly application: string | null;
  /** Null where it is hidden. */
  readonly state: string | null;
  readonly count: number;
}

/** How large a database is, and who uses it. */
export interface DatabaseStatus {
  readonly database: string;
  readonly bytes: number;
  /** The largest first. */
  readonly tables: readonly TableSize[];
  readonly connections: {
    /** How many the server takes. */
    readonly max: number;
    /** How many it has, those of its other databases included, but for the one that asks. */
    readonly used: number;
    /** Those of this database, the largest group first. */
    readonly groups: readonly ConnectionGroup[];
  };
  readonly oldestTransaction: DatabaseSession | null;
  /** How many sessions hide what they do from this role. */
  readonly hidden: number;
  /** When this was looked at, by the server's clock. ISO 8601. */
  readonly at: string;
}

/**
 * Reads how large a database is, and who uses it. It waits for nobody's locks.
 *
 * @example
 * const { bytes, connections } = await readDatabaseStatus(client);
 */
export async function readDatabaseStatus(client: Client): Promise<DatabaseStatus> {
  const { rows: whole } = await client.query(WHOLE);
  const { rows: tables } = await client.query(TABLES);
  const { at, sessions } = await readSessions(client);
  const clients = sessions.filter(isOfClient);
  const { database, bytes, max, used } = whole[0] as unknown as Whole;
  return {
    database,
    bytes,
    tables: tables as unknown as TableSize[],
    connections: { max, used, groups: groupsOf(clients) },
    oldestTransaction: oldestOf(clients),
    hidden: clients.filter(isHidden).length,
    at,
  };
}

/** Sessions counted by what they have in common, the largest group first. */
function groupsOf(sessions: readonly DatabaseSession[]): ConnectionGroup[] {
  const groups = Map.groupBy(sessions, ({ user, application, state }) =>
    JSON.stringify({ user, application, state }),
  );
  return [...groups]
    .map(([common, members]) => ({ ...JSON.parse(common), count: members.length }))
    .sort((one, other) => other.count - one.count);
}

function oldestOf(sessions: readonly DatabaseSession[]): DatabaseSession | null {
  const since = (session: DatabaseSession) => Date.parse(session.transactionSince ?? '');
  const open = sessions.filter(({ transactionSince }) => transactionSince !== null);
  return open.sort((one, other) => since(one) - since(other))[0] ?? null;
}

interface Whole {
  readonly database: string;
  readonly bytes: number;
  readonly max: number;
  readonly used: number;
}

const WHOLE = `
  select current_database() as database, pg_database_size(current_database())::float8 as bytes,
    current_setting('max_connections')::int as max,
    (select count(*)::int from pg_stat_activity
     where usename is not null and datname is not null and pid <> pg_backend_pid()
       and coalesce(backend_type, 'client backend') = 'client backend') as used`;

/** To ask for the size of a table is to wait for whoever locks it, or waits to do so. */
const TABLES = `
  with locked as (
    select coalesce(indrelid, relation) as table from pg_locks left join pg_index on indexrelid = relation
    where mode = 'AccessExclusiveLock' and locktype = 'relation'
      and database = (select oid from pg_database where datname = current_database())
  )
  select n.nspname as schema, c.relname as name,
    coalesce(nullif(pg_stat_get_live_tuples(c.oid), 0), nullif(c.reltuples, -1))::float8 as rows,
    case when c.oid not in (select "table" from locked) then pg_total_relation_size(c.oid)::float8 end as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp)'
  order by bytes desc nulls first, n.nspname collate "C", c.relname collate "C"`;
