export { type ApplyOptions, applyMigrations } from './apply-migrations.ts';
export type { Catalogue, CatalogueObject, ObjectKind } from './catalogue/catalogue.ts';
export { closingSql } from './catalogue/closing-sql.ts';
export { compareCatalogues } from './catalogue/compare-catalogues.ts';
export type { Difference, Step } from './catalogue/difference.ts';
export { matchViews } from './catalogue/match-views.ts';
export { readCatalogue } from './catalogue/read-catalogue.ts';
export type { Client } from './client.ts';
export { MigrateError, type MigrateErrorCode } from './errors.ts';
export { claimDatabase, readFingerprint, reclaimDatabase } from './fingerprint.ts';
export { type Actor, type LedgerRow, readLedger } from './ledger.ts';
export {
  describeProblem,
  type MigrationPlan,
  type MigrationProblem,
  planMigrations,
} from './plan-migrations.ts';
