import { createHash } from 'node:crypto';
import type { MigrationFile } from '@spire/schema';
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
