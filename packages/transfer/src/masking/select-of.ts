import { masksByTable } from '@spire/schema';
import { conditionsOf } from '../filter.ts';
import type { TableStructure } from '../structure.ts';
import type { MaskTerms } from './mask-terms.ts';
import { maskedValue } from './mask-value.ts';
import { requireClassified } from './require-classified.ts';

/**
 * What a copy reads of a table instead of the table: its columns in their order and of their types, without
 * generated ones, masked. It runs in a read-only transaction that `setMaskSecret` has prepared.
 *
 * @throws TransferError `COLUMN_UNCLASSIFIED`.
 * @example
 * const terms = {target: {environment: 'development'}, live: false};
 * session.query(copyTo(`copy (${selectOf(table, terms)}) to stdout (format binary)`));
 */
export function selectOf(
  table: Pick<TableStructure, 'name' | 'quoted' | 'columns'>,
  terms: MaskTerms,
): string {
  requireClassified([table]);
  const known = masksByTable().get(table.name);
  const masks = known?.rows === 'keep' ? known.columns : undefined;
  const from = `public.${table.quoted}`;
  const values = table.columns
    .filter(({ generated }) => !generated)
    .map(
      (column) =>
        `${maskedValue(from, column, masks?.get(column.name) ?? 'keep', terms)} as ${column.quoted}`,
    );
  const conditions = masks ? conditionsOf(table, terms.filter ?? {}) : ['false'];
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  return `select ${values.join(', ')} from ${from} as t${where}`;
}
