import { masksByTable } from '@spire/schema';
import { TransferError } from '../errors.ts';
import type { TableStructure } from '../structure.ts';

/**
 * Stops where a column's data would be copied of which nobody has said what becomes of it.
 *
 * @throws TransferError `COLUMN_UNCLASSIFIED`, naming each.
 */
export function requireClassified(
  tables: readonly Pick<TableStructure, 'name' | 'columns'>[],
): void {
  const masks = masksByTable();
  const unclassified = tables.flatMap(({ name, columns }) => {
    const known = masks.get(name);
    if (known?.rows === 'drop') return [];
    return columns
      .filter((column) => !column.generated && !known?.columns.has(column.name))
      .map((column) => `${name}.${column.name}`);
  });
  if (unclassified.length === 0) return;
  throw new TransferError(
    'COLUMN_UNCLASSIFIED',
    `It isn't said whether these may leave their database: ${unclassified.join(', ')}. Nothing was copied.`,
    {
      suggestions: [
        'Classify each in packages/schema/src/masking/masks.ts.',
        'If no migration made it, compare the database with the migrations: spire migrate drift',
      ],
    },
  );
}
