import type { Client } from '@spire/migrate';
import type { TableStructure } from './structure.ts';

/** Where tables are filled before they take the place of those in `public`. */
export const INCOMING = 'spire_incoming';

/** What has no schema is looked for among the incoming; types are where they were. */
const LOOK_IN_INCOMING = `set search_path to ${INCOMING}, public`;

/** Makes the tables in a schema of their own, empty, without keys and indexes; what was left of another attempt goes. */
export async function makeIncoming(
  client: Client,
  tables: readonly TableStructure[],
): Promise<void> {
  await dropIncoming(client);
  await client.query(`create schema ${INCOMING}`);
  await client.query(LOOK_IN_INCOMING);
  for (const table of tables) await client.query(tableSql(table));
}

/** What makes a table, its sequences and its comments where the client looks first. */
export function tableSql(table: TableStructure): string {
  const { quoted, columns, sequences, constraints, comments } = table;
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
    ...comments,
  ].join(';\n');
}

/** Removes what isn't complete. */
export async function dropIncoming(client: Client): Promise<void> {
  const drop = () => client.query(`drop schema if exists ${INCOMING} cascade`);
  try {
    await drop();
  } catch (error) {
    if ((error as { code?: string }).code !== DISK_FULL) throw error;
    // To drop all at once takes room too: one table after the other makes it.
    await dropOneByOne(client);
    await drop();
  }
}

const DISK_FULL = '53100';

async function dropOneByOne(client: Client): Promise<void> {
  const { rows } = await client.query(
    `select oid::regclass as name from pg_class
     where relnamespace = to_regnamespace($1) and relkind = 'r' order by pg_total_relation_size(oid) desc`,
    [INCOMING],
  );
  for (const { name } of rows) {
    await client.query(`drop table ${name} cascade`).catch((error) => {
      if (error.code !== DISK_FULL) throw error;
    });
  }
}

/** Lets a client fill the incoming tables and build what belongs to them. */
export async function prepareToLoad(client: Client): Promise<void> {
  // Nobody else is in there: what waits does so for another of ours.
  await client.query(`${LOOK_IN_INCOMING};
    set lock_timeout to 0;
    set synchronous_commit to off;
    set maintenance_work_mem to '256MB';
    set synchronize_seqscans to off`);
}
