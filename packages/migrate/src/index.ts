export { type ApplyOptions, applyMigrations } from './apply-migrations.ts';
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
