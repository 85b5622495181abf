import type { Client } from './client.ts';

/**
 * Finds the indexes that an interrupted `CREATE INDEX CONCURRENTLY` left behind, among those that a text
 * names. One that somebody builds at the moment isn't left behind.
 *
 * @returns their names, quoted and with their schema, fit for SQL.
 */
export async function invalidIndexesIn(client: Client, sql: string): Promise<string[]> {
  const { rows } = await client.query(`
    select relname, format('%I.%I', nspname, relname) as quoted
    from pg_index
    join pg_class on pg_class.oid = indexrelid
    join pg_namespace on pg_namespace.oid = relnamespace
    where not indisvalid
      and not exists (
        select from pg_stat_progress_create_index building where building.index_relid = indexrelid
      )
    order by 2`);
  return rows
    .filter(({ relname }) => namesWord(sql, String(relname)))
    .map(({ quoted }) => String(quoted));
}

function namesWord(sql: string, name: string): boolean {
  return (
    sql.split(/[^\p{L}\p{N}_$]+/u).some((word) => word.toLowerCase() === name) ||
    sql.includes(`"${name}"`)
  );
}
