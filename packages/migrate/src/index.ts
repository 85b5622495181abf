export { type AdoptionPlan, adoptDatabase, planAdoption } from './adopt-database.ts';
export { readAlembicHeads } from './alembic.ts';
export {
  type ApplyOptions,
  type ApplyStep,
  applyMigrations,
  requireFile,
  selectPending,
} from './apply-migrations.ts';
export type { Catalogue, CatalogueObject, ObjectKind } from './catalogue/catalogue.ts';
export { closingSql } from './catalogue/closing-sql.ts';
export { compareCatalogues } from './catalogue/compare-catalogues.ts';
export type { Difference } from './catalogue/difference.ts';
export { matchViews } from './catalogue/match-views.ts';
export { readCatalogue } from './catalogue/read-catalogue.ts';
export type { Client } from './client.ts';
export { declaredStatements, undeclaredChanges } from './declared-schema.ts';
export { MigrateError, type MigrateErrorCode } from './errors.ts';
export { claimDatabase, readFingerprint, reclaimDatabase } from './fingerprint.ts';
export {
  type Drift,
  inspectDrift,
  isSchemaDifference,
  verifyMigrations,
} from './inspect-drift.ts';
export { type Actor, type LedgerRow, readLedger } from './ledger.ts';
export { describeFinding, type LintFinding, lintMigration } from './lint-migration.ts';
export type { Blocked } from './lock-retry.ts';
export {
  type MigrationEffects,
  measureEffects,
  type StatementEffects,
  type TableEffect,
} from './measure-effects.ts';
export { planHash } from './plan-hash.ts';
export {
  describeProblem,
  type MigrationPlan,
  type MigrationProblem,
  planMigrations,
  problemTag,
} from './plan-migrations.ts';
export {
  type LegacyTable,
  type QuarantinedRow,
  type QuarantineGroup,
  readLegacyTables,
  readQuarantinedRows,
  readQuarantineGroups,
} from './quarantine.ts';
export { planRepairs, type Repair, repairLedger } from './repair-ledger.ts';
export { requireAdopted } from './require-adopted.ts';
export { type RevertOptions, revertMigrations, selectReverted } from './revert-migrations.ts';
export { clearShadow, replay, requireEmpty } from './shadow.ts';
