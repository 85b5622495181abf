import type { MigrationFile } from '@spire/schema';
import type { LedgerRow } from './ledger.ts';

/** Why files and ledger can't be brought together. */
export type MigrationProblem =
  /** The file was changed after it was applied. */
  | { readonly kind: 'edited'; readonly tag: string }
  /** The ledger has a migration of which there is no file. */
  | { readonly kind: 'missing'; readonly createdAt: number }
  /** The file is older than the newest applied one, and was never applied. */
  | { readonly kind: 'out-of-order'; readonly tag: string };

/** What is to be done to bring a database to the newest migration. */
export interface MigrationPlan {
  readonly applied: readonly MigrationFile[];
  readonly pending: readonly MigrationFile[];
  /** Unless this is empty, nothing may be applied. */
  readonly problems: readonly MigrationProblem[];
}

/**
 * Compares files and ledger as sets, by the journal's time and by hash. Nothing is skipped: what
 * doesn't fit is named in `problems`.
 *
 * @example
 * const plan = planMigrations(migrationFiles(), await readLedger(client));
 */
export function planMigrations(
  files: readonly MigrationFile[],
  ledger: readonly LedgerRow[],
): MigrationPlan {
  const recorded = new Map(ledger.map((row) => [row.createdAt, row.hash]));
  const newest = Math.max(...recorded.keys());
  const known = new Set(files.map((file) => file.createdAt));
  const applied = files.filter((file) => recorded.has(file.createdAt));
  const pending = files.filter((file) => !recorded.has(file.createdAt));
  const edited = applied.filter((file) => recorded.get(file.createdAt) !== file.hash);
  const late = pending.filter((file) => file.createdAt < newest);
  const missing = [...recorded.keys()].filter((createdAt) => !known.has(createdAt));
  return {
    applied,
    pending,
    problems: [
      ...edited.map(({ tag }): MigrationProblem => ({ kind: 'edited', tag })),
      ...late.map(({ tag }): MigrationProblem => ({ kind: 'out-of-order', tag })),
      ...missing.map((createdAt): MigrationProblem => ({ kind: 'missing', createdAt })),
    ],
  };
}

/** A problem in words. */
export function describeProblem(problem: MigrationProblem): string {
  switch (problem.kind) {
    case 'edited':
      return `${problem.tag} was changed after it was applied`;
    case 'out-of-order':
      return `${problem.tag} is older than the newest applied migration, and was never applied`;
    case 'missing': {
      const time = new Date(problem.createdAt).toISOString();
      return `a migration of ${time} was applied that has no file here`;
    }
  }
}
