import { retryOnLocks, WAIT_MILLIS } from '@spire/migrate';
import type { Session } from './session.ts';

/** SQL: begins a transaction whose first query says which moment it sees. */
export const BEGIN_SNAPSHOT = 'begin isolation level repeatable read read only';

/** SQL: the tables that may be read; a table that isn't there when it is locked was dropped just now. */
const READABLE = `
  select string_agg(format('%I.%I', nspname, relname), ', ') as tables
  from pg_class c join pg_namespace n on n.oid = relnamespace
  where nspname = any ($1) and relkind in ('r', 'p')
    and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')`;

/**
 * Begins to look at a database as it is at one moment, for as long as that takes.
 *
 * Until the transaction ends nobody can truncate or rewrite a table of these schemas that may be read: it
 * would find it empty.
 *
 * @throws MigrateError `MIGRATION_BLOCKED`
 */
export async function beginSnapshot(session: Session, schemas: readonly string[]): Promise<void> {
  await retryOnLocks(session, WAIT_MILLIS, async () => {
    const { rows } = await session.query(READABLE, [schemas]);
    await session.query(`${BEGIN_SNAPSHOT}; set local idle_in_transaction_session_timeout to 0`);
    if (!rows[0]?.tables) return;
    // The snapshot is taken by the first query, with the locks in hand.
    await session
      .query(`lock table ${rows[0].tables} in access share mode`)
      .catch(async (error) => {
        await session.query('rollback');
        throw error;
      });
  });
}
