import type { Session, Sessions } from './session.ts';

/** A table that was emptied. */
export interface EmptiedTable {
  readonly name: string;
  /** How many rows it had. */
  readonly rows: number;
}

/**
 * Removes every row of the tables of `public`, in one transaction; numbers begin anew. What says which
 * migrations were applied, and which environment it is, stays.
 *
 * @param options.beforehand is run once nobody can write any more, and before anything is removed: a
 * backup that is taken there has every row. What it throws keeps the rows.
 * @throws what Postgres says. Then every row is still there.
 * @example
 * await emptyTables(spire.pool, {beforehand: () => backUp(spire.pool, file, options)});
 */
export async function emptyTables(
  sessions: Sessions,
  { beforehand }: { readonly beforehand?: (() => Promise<unknown>) | undefined } = {},
): Promise<EmptiedTable[]> {
  const session = await sessions.connect();
  try {
    await session.query(BEGIN);
    const { rows: tables } = await session.query(TABLES);
    if (tables.length === 0) return [];
    const all = tables.map(({ quoted }) => `public.${quoted}`).join(', ');
    await session.query(`lock table ${all} in share mode`);
    const emptied = await countRows(session, tables);
    await beforehand?.();
    await session.query(`truncate ${all} restart identity`);
    await session.query('commit');
    return emptied;
  } finally {
    session.release(true);
  }
}

async function countRows(
  session: Session,
  tables: readonly Record<string, unknown>[],
): Promise<EmptiedTable[]> {
  const emptied: EmptiedTable[] = [];
  for (const { name, quoted } of tables) {
    const { rows } = await session.query(`select count(*) as rows from public.${quoted}`);
    emptied.push({ name: String(name), rows: Number(rows[0]?.rows) });
  }
  return emptied;
}

const BEGIN = `begin;
  set local statement_timeout to 0;
  set local idle_in_transaction_session_timeout to 0`;

const TABLES = `
  select relname as name, quote_ident(relname) as quoted from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'alembic_version'
  order by relname collate "C"`;
