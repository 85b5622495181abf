import { type MigrationFile, migrationFiles } from '@spire/schema';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';
import { type Actor, ensureLedger, type LedgerRow, readLedger, recordMigration } from './ledger.ts';
import { type Blocked, RETRY_MILLIS, retryOnLocks } from './lock-retry.ts';
import { WAIT_MILLIS, withMigrationLock } from './migration-lock.ts';
import { type ReviewedPlan, requireReviewed } from './plan-hash.ts';
import { describeProblem, type MigrationPlan, planMigrations } from './plan-migrations.ts';
import { requireAdopted } from './require-adopted.ts';
import { runAlone, runInTransaction } from './run-file.ts';

/** What happens while migrations are applied, in this order; `blocked` as often as needed. */
export type ApplyStep =
  | { readonly kind: 'locked' }
  | { readonly kind: 'started'; readonly file: MigrationFile }
  | ({ readonly kind: 'blocked'; readonly file: MigrationFile } & Blocked)
  | { readonly kind: 'statement'; readonly file: MigrationFile; readonly index: number }
  | { readonly kind: 'recorded'; readonly file: MigrationFile }
  | { readonly kind: 'applied'; readonly file: MigrationFile; readonly millis: number };

/** How migrations are applied. */
export interface ApplyOptions {
  readonly actor: Actor;
  /** Default: those of `@spire/schema`. */
  readonly files?: readonly MigrationFile[];
  /** The last one to apply. Default: the newest. */
  readonly to?: string;
  /** Whether files that are older than the newest applied one are applied too. Default: false. */
  readonly outOfOrder?: boolean;
  /** Whether an invalid index that a pending file names is dropped first. Default: false. */
  readonly dropInvalidIndexes?: boolean;
  /** The plan that was reviewed, by `planHash`: another one isn't applied. Default: any. */
  readonly reviewed?: ReviewedPlan;
  /** How long to wait for another's migration to end, in milliseconds. Default: 30,000. */
  readonly waitMillis?: number;
  /** How long a file is tried again whose locks others hold, in milliseconds. Default: 300,000. */
  readonly retryMillis?: number;
  /** Told of each step; what it returns is waited for. */
  readonly onStep?: (step: ApplyStep) => unknown;
}

/**
 * Applies what is pending, one transaction a file, its ledger row inside, under a lock that lets one
 * session at a time migrate a database. Run it again after a failure: it goes on where it stopped.
 *
 * How long a statement waits for locks, while others wait behind it, is the session's `lock_timeout`: set
 * it as an option of the connection, where no file can undo it.
 *
 * @returns the files that were applied now.
 * @throws MigrateError `MIGRATION_LOCKED`, `LEDGER_DIVERGED`, `ADOPTION_REQUIRED`, `PLAN_CHANGED`,
 * `MIGRATION_BLOCKED`, `MIGRATION_FAILED` (with statement, line and Postgres' own words),
 * `INDEX_INVALID`, `OUTCOME_UNKNOWN`.
 * @example
 * await applyMigrations(client, {actor: {name: 'ann', toolVersion: '0.1.0'}});
 */
export async function applyMigrations(
  client: Client,
  options: ApplyOptions,
): Promise<MigrationFile[]> {
  const files = options.files ?? migrationFiles();
  // Where nothing is to be done, nobody has to wait for anybody.
  if (selectPending(files, await readLedger(client), options).length === 0) return [];
  return withMigrationLock(client, options.waitMillis ?? WAIT_MILLIS, async () => {
    await options.onStep?.({ kind: 'locked' });
    const ledger = await readLedger(client);
    const pending = selectPending(files, ledger, options);
    requireReviewed(options.reviewed, 'up', ledger, pending);
    await requireAdopted(client, pending);
    await ensureLedger(client);
    for (const file of pending) await applyFile(client, file, options);
    return pending;
  });
}

/**
 * The files that are to be applied now.
 *
 * @throws MigrateError `LEDGER_DIVERGED` when files and ledger don't fit together; `MIGRATION_UNKNOWN`.
 */
export function selectPending(
  files: readonly MigrationFile[],
  ledger: readonly LedgerRow[],
  { to, outOfOrder = false }: Pick<ApplyOptions, 'to' | 'outOfOrder'> = {},
): MigrationFile[] {
  const plan = planMigrations(files, ledger);
  requireConsistent(plan, outOfOrder);
  if (to === undefined) return [...plan.pending];
  const last = requireFile(files, to);
  return plan.pending.filter((file) => file.index <= last.index);
}

/** @throws MigrateError `MIGRATION_UNKNOWN` */
export function requireFile(files: readonly MigrationFile[], tag: string): MigrationFile {
  const found = files.find((file) => file.tag === tag);
  if (found) return found;
  throw new MigrateError('MIGRATION_UNKNOWN', `There is no migration ${tag}.`, {
    suggestions: ['See which there are: spire migrate status --json'],
  });
}

function requireConsistent({ problems }: MigrationPlan, outOfOrder: boolean): void {
  const bad = problems.filter(({ kind }) => !(outOfOrder && kind === 'out-of-order'));
  if (bad.length === 0) return;
  const kinds = new Set(bad.map(({ kind }) => kind));
  throw new MigrateError(
    'LEDGER_DIVERGED',
    `The migrations here and those applied don't fit: ${bad.map(describeProblem).join('; ')}.`,
    {
      suggestions: [
        kinds.has('future')
          ? 'Update this checkout: the database is ahead of it.'
          : 'Check that this checkout is the one that is meant to run here, and is up to date.',
        ...(kinds.has('out-of-order')
          ? ['If the late ones may run after the newer ones: spire migrate up --out-of-order']
          : []),
        'If only the bookkeeping is wrong: spire migrate repair',
        'Nothing was changed.',
      ],
    },
  );
}

async function applyFile(
  client: Client,
  file: MigrationFile,
  options: ApplyOptions,
): Promise<void> {
  const { actor, onStep, retryMillis = RETRY_MILLIS } = options;
  await onStep?.({ kind: 'started', file });
  const started = performance.now();
  const record = async () => {
    await recordMigration(client, file, actor, performance.now() - started);
    await onStep?.({ kind: 'recorded', file });
  };
  const onStatement = (index: number) => onStep?.({ kind: 'statement', file, index });
  await prepareForFile(client);
  await retryOnLocks(
    client,
    retryMillis,
    async () => {
      if (file.transactional) return runInTransaction(client, file, record, onStatement);
      await runAlone(client, file, options.dropInvalidIndexes ?? false);
      await onStatement(0);
      return runInTransaction(client, { ...file, statements: [] }, record);
    },
    (blocked) => onStep?.({ kind: 'blocked', file, ...blocked }),
  );
  await onStep?.({ kind: 'applied', file, millis: performance.now() - started });
}

/**
 * Lets a file begin as every other does: it may not see what the one before set, and its tables go to
 * `public`, also for a role that has a schema of its own name.
 */
export async function prepareForFile(client: Client): Promise<void> {
  await client.query('reset all; set search_path to public');
}
