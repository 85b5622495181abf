export { type AdoptionPlan, adoptDatabase, planAdoption } from './adopt-database.ts';
export { BASELINE_HEAD, FAILING_HEAD, readAlembicHeads } from './alembic.ts';
export {
  type ApplyOptions,
  type ApplyStep,
  applyMigrations,
  requireFile,
  selectPending,
} from './apply-migrations.ts';
export { applyTogether } from './apply-together.ts';
export type { Catalogue, CatalogueObject, ObjectKind } from './catalogue/catalogue.ts';
export { closingSql } from './catalogue/closing-sql.ts';
export { compareCatalogues } from './catalogue/compare-catalogues.ts';
export type { Difference } from './catalogue/difference.ts';
export { matchViews } from './catalogue/match-views.ts';
export { readMajor } from './catalogue/neutral-session.ts';
export { readCatalogue } from './catalogue/read-catalogue.ts';
export type { Client } from './client.ts';
export { declaredStatements, undeclaredChanges } from './declared-schema.ts';
export { MigrateError, type MigrateErrorCode } from './errors.ts';
export { claimDatabase, readFingerprint, reclaimDatabase } from './fingerprint.ts';
export { inTransaction } from './in-transaction.ts';
export {
  type Drift,
  inspectDrift,
  isSchemaDifference,
  verifyMigrations,
} from './inspect-drift.ts';
export { type Actor, ensureLedger, type LedgerRow, readLedger, recordMigration } from './ledger.ts';
export { describeFinding, type LintFinding, lintMigration } from './lint-migration.ts';
export { type Blocked, retryOnLocks } from './lock-retry.ts';
export {
  type MigrationEffects,
  measureEffects,
  type StatementEffects,
  type TableEffect,
} from './measure-effects.ts';
export { WAIT_MILLIS, withMigrationLock } from './migration-lock.ts';
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
export { isConnectionLoss } from './run-file.ts';
export { clearShadow, replay, requireEmpty } from './shadow.ts';
export { withoutLiterals } from './sql-text.ts';
