import { getTableColumns, getTableName } from 'drizzle-orm';
import * as tables from '../tables/index.ts';
import { legacyMasks } from './legacy-masks.ts';
import type { Mask, TableMasks } from './mask.ts';
import { masks } from './masks.ts';

/** Whether a table's rows come, and what becomes of each column, by its name in Postgres. */
export type NamedMasks =
  | { readonly rows: 'keep'; readonly columns: ReadonlyMap<string, Mask> }
  | { readonly rows: 'drop'; readonly why: string };

/**
 * What becomes of every table that the migrations make or have made, from the baseline on.
 *
 * @returns by the table's name in Postgres.
 * @example
 * const history = masksByTable().get('history');
 * if (history?.rows === 'keep') history.columns.get('arg_date'); // 'keep'
 */
export function masksByTable(): Map<string, NamedMasks> {
  const byTable = new Map(
    Object.entries(legacyMasks).map(([name, legacy]) => [name, named(legacy)]),
  );
  for (const [key, table] of Object.entries(tables)) {
    const columns: Readonly<Record<string, { readonly name: string }>> = getTableColumns(table);
    const now = named(
      masks[key as keyof typeof masks],
      (column) => columns[column]?.name ?? column,
    );
    const before = byTable.get(getTableName(table));
    byTable.set(
      getTableName(table),
      now.rows === 'keep' && before?.rows === 'keep'
        ? { rows: 'keep', columns: new Map([...before.columns, ...now.columns]) }
        : now,
    );
  }
  return byTable;
}

function named(masks: TableMasks, nameOf = (column: string) => column): NamedMasks {
  if (masks.rows === 'drop') return masks;
  const columns = Object.entries(masks.columns).map(
    ([column, mask]) => [nameOf(column), mask] as const,
  );
  return { rows: 'keep', columns: new Map(columns) };
}
