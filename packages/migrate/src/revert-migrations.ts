import { type MigrationFile, migrationFiles } from '@spire/schema';
import { type ApplyOptions, prepareForFile, requireFile } from './apply-migrations.ts';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';
import { forgetMigration, type LedgerRow, readLedger } from './ledger.ts';
import { RETRY_MILLIS, retryOnLocks } from './lock-retry.ts';
import { WAIT_MILLIS, withMigrationLock } from './migration-lock.ts';
import { requireReviewed } from './plan-hash.ts';
import { planMigrations } from './plan-migrations.ts';
import { runInTransaction } from './run-file.ts';

/** How migrations are taken back. */
export type RevertOptions = Pick<
  ApplyOptions,
  'files' | 'reviewed' | 'waitMillis' | 'retryMillis' | 'onStep'
> & {
  /** The migration that is the newest afterwards. Default: the one before the newest. */
  readonly to?: string;
};

/**
 * Takes back the newest migrations by the files written for that, one transaction each.
 *
 * @returns the files that were taken back, the newest first.
 * @throws MigrateError `MIGRATION_IRREVERSIBLE` before anything is changed; `MIGRATION_LOCKED`,
 * `LEDGER_DIVERGED`, `PLAN_CHANGED`, `MIGRATION_BLOCKED`, `MIGRATION_FAILED`.
 * @example
 * await revertMigrations(client, {to: '0012_dfp_orders'});
 */
export async function revertMigrations(
  client: Client,
  options: RevertOptions = {},
): Promise<MigrationFile[]> {
  const files = options.files ?? migrationFiles();
  return withMigrationLock(client, options.waitMillis ?? WAIT_MILLIS, async () => {
    const ledger = await readLedger(client);
    const reverted = selectReverted(files, ledger, options.to);
    requireReviewed(options.reviewed, 'down', ledger, reverted);
    for (const file of reverted) await revertFile(client, file, options);
    return reverted;
  });
}

/**
 * The files that are to be taken back, the newest first.
 *
 * @param to the migration that is the newest afterwards.
 * @throws MigrateError `MIGRATION_IRREVERSIBLE`, `MIGRATION_UNKNOWN`, `LEDGER_DIVERGED`.
 */
export function selectReverted(
  files: readonly MigrationFile[],
  ledger: readonly LedgerRow[],
  to?: string,
): MigrationFile[] {
  const { applied, problems } = planMigrations(files, ledger);
  const off = problems.filter(({ kind }) => kind !== 'out-of-order');
  if (off.length > 0) {
    throw new MigrateError('LEDGER_DIVERGED', "The migrations here and those applied don't fit.", {
      suggestions: ['See why: spire migrate status', 'Nothing was changed.'],
    });
  }
  const newestFirst = applied.toReversed();
  const last = to === undefined ? newestFirst[1]?.index : requireFile(files, to).index;
  const reverted = newestFirst.filter((file) => file.index > (last ?? -1));
  const stuck = reverted.find((file) => file.down === undefined);
  if (stuck) {
    throw new MigrateError(
      'MIGRATION_IRREVERSIBLE',
      `Migration ${stuck.tag} can't be taken back: ${stuck.irreversible ?? 'nobody wrote how'}.`,
      {
        suggestions: [
          'Go forward instead, with a new migration: spire migrate new',
          'Nothing was changed.',
        ],
      },
    );
  }
  return reverted;
}

async function revertFile(
  client: Client,
  file: MigrationFile,
  { retryMillis = RETRY_MILLIS, onStep }: RevertOptions,
): Promise<void> {
  await onStep?.({ kind: 'started', file });
  const started = performance.now();
  const statements = file.down ?? [];
  const script = {
    tag: `${file.tag}.down`,
    sql: statements.join('\n--> statement-breakpoint\n'),
    statements,
  };
  await prepareForFile(client);
  await retryOnLocks(
    client,
    retryMillis,
    () => runInTransaction(client, script, () => forgetMigration(client, file)),
    (blocked) => onStep?.({ kind: 'blocked', file, ...blocked }),
  );
  await onStep?.({ kind: 'applied', file, millis: performance.now() - started });
}
