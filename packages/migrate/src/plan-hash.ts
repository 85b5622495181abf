import { createHash } from 'node:crypto';
import type { MigrationFile } from '@spire/schema';
import { MigrateError } from './errors.ts';
import type { LedgerRow } from './ledger.ts';

/**
 * A short name for exactly this step of exactly this database: who reviewed a plan confirms it by this,
 * and it is refused when files or database have moved since.
 *
 * @param direction what is done with the files.
 * @param files in the order in which they are run.
 * @returns twelve hexadecimal digits.
 */
export function planHash(
  environment: string,
  direction: 'up' | 'down',
  ledger: readonly LedgerRow[],
  files: readonly MigrationFile[],
): string {
  const state = {
    environment,
    direction,
    ledger: ledger.map(({ createdAt, hash }) => [createdAt, hash]),
    files: files.map(({ tag, hash, down }) => [tag, hash, direction === 'down' ? down : null]),
  };
  return createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 12);
}

/** A plan that somebody has read, by its environment and its hash. */
export interface ReviewedPlan {
  readonly environment: string;
  readonly hash: string;
}

/**
 * Lets only the plan pass that was reviewed, where one was.
 *
 * @throws MigrateError `PLAN_CHANGED`
 */
export function requireReviewed(
  reviewed: ReviewedPlan | undefined,
  direction: 'up' | 'down',
  ledger: readonly LedgerRow[],
  files: readonly MigrationFile[],
): void {
  if (!reviewed || planHash(reviewed.environment, direction, ledger, files) === reviewed.hash)
    return;
  const review = direction === 'up' ? 'spire migrate plan' : 'spire migrate down --dry-run';
  throw new MigrateError(
    'PLAN_CHANGED',
    `The plan ${reviewed.hash} isn't what would be done now: the database or the files have moved.`,
    { suggestions: [`Review it again: ${review}`, 'Nothing was changed.'] },
  );
}
