import type { RestorePlan, VerifiedArchive } from '@spire/transfer';
import { localTime } from './table.ts';

/** What restoring an archive would do: what is in it, what it replaces, and the plan's hash. */
export function renderRestorePlan(
  environment: string,
  { header, tables }: VerifiedArchive,
  { replaced, hash }: RestorePlan,
): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const head = header.head ?? (header.alembic ? "Alembic's tables" : 'no migration');
  return [
    `archive   ${header.environment}, taken at ${localTime(new Date(header.takenAt))}, at ${head}: ${rows} rows in ${tables.length} tables`,
    replaced === 'tables'
      ? `replaces  all tables of ${environment}, which is at the same migration`
      : `replaces  all that ${environment} has, also what was applied to it`,
    `plan      ${environment}:${hash}`,
  ].join('\n');
}
