import type { LegacyTable } from '@spire/migrate';
import { table } from './table.ts';

/** What became of the rows that Alembic left: found = carried + merged + quarantined. */
export function renderLegacy(tables: readonly LegacyTable[]): string {
  return table(
    ['former table', 'rows', 'carried', 'merged', 'quarantined', 'now in'],
    tables.map((one) => [
      one.table,
      one.found,
      one.carried,
      one.merged,
      one.quarantined,
      one.target,
    ]),
  );
}
