import type { Session } from './session.ts';
import type { TableStructure } from './structure.ts';

/** Where tables are filled before they take the place of those in `public`. */
export const INCOMING = 'spire_incoming';

/** What has no schema is looked for among the incoming; types are where they were. */
const LOOK_IN_INCOMING = `set search_path to ${INCOMING}, public`;

/** Makes the tables in a schema of their own, empty, without keys and indexes; what was left of another attempt goes. */
export async function makeIncoming(
  session: Session,
  tables: readonly TableStructure[],
): Promise<void> {
  await dropIncoming(session);
  await session.query(`create schema ${INCOMING}`);
  await session.query(LOOK_IN_INCOMING);
  for (const table of tables) await session.query(tableSql(table));
}

/** What makes a table and its sequences where the session looks first. */
export function tableSql({ quoted, columns, sequences, constraints }: TableStructure): string {
  const checks = constraints
    .filter(({ kind }) => kind === 'check')
    .map((check) => `constraint ${check.quoted} ${check.sql}`);
  const parts = [...columns.map(({ sql }) => sql), ...checks];
  return [
    ...sequences.map(({ sql }) => sql),
    `create table ${quoted} (\n  ${parts.join(',\n  ')}\n)`,
    ...sequences.map(
      (sequence) => `alter sequence ${sequence.quoted} owned by ${quoted}.${sequence.column}`,
    ),
  ].join(';\n');
}

/** Removes what isn't complete. */
export async function dropIncoming(session: Session): Promise<void> {
  await session.query(`drop schema if exists ${INCOMING} cascade`);
}

/** Lets a session fill the incoming tables and build what belongs to them. */
export async function prepareToLoad(session: Session): Promise<void> {
  await session.query(`${LOOK_IN_INCOMING};
    set synchronous_commit to off;
    set maintenance_work_mem to '256MB';
    set synchronize_seqscans to off`);
  // An index isn't built to its end for somebody who is gone. Not every system can tell.
  await session.query(`do $$ begin
      set client_connection_check_interval to '2s';
    exception when others then null;
    end $$`);
}
