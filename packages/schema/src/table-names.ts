import { getTableName, is, Table } from 'drizzle-orm';
import { schema } from './schema.ts';

/**
 * The names of all tables in Postgres.
 *
 * @example
 * tableNames(); // ['cluster_status', 'datasets', ...]
 */
export function tableNames(): string[] {
  return Object.values(schema)
    .flatMap((one) => (is(one, Table) ? [getTableName(one)] : []))
    .sort();
}
