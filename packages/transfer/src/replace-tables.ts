import { type Actor, retryOnLocks, WAIT_MILLIS, withMigrationLock } from '@spire/migrate';
import type { CopiedTable, CopyStep } from './fill-incoming.ts';
import { dropIncoming, makeIncoming } from './incoming.ts';
import { type Receipt, type TransferKind, writeReceipt } from './receipt.ts';
import { type OthersPolicy, type OthersStep, requireAlone } from './require-alone.ts';
import { requireReplaceable } from './require-target.ts';
import type { Session } from './session.ts';
import type { TableStructure } from './structure.ts';
import { type Replaced, swapIn } from './swap.ts';
import type { TargetSessions } from './target-sessions.ts';
import { transferFailure } from './transfer-failure.ts';

/** What happens while tables are replaced, in this order; others are spoken of only where there are some. */
export type TransferStep =
  | OthersStep
  | { readonly kind: 'prepared'; readonly tables: readonly TableStructure[] }
  | CopyStep
  | { readonly kind: 'filled' }
  | { readonly kind: 'swapping' }
  | { readonly kind: 'swapped' };

/** How tables are replaced. */
export interface ReplaceOptions {
  readonly actor: Actor;
  /** What to do about others' sessions on the target. Default: `refuse`. */
  readonly others?: OthersPolicy;
  /** How many days the tables of before are kept, for the undo. Default: 7. */
  readonly keepDays?: number;
  /** Told of each step; what it returns is waited for at `prepared`, `filled`, `swapping` and `swapped`. */
  readonly onStep?: (step: TransferStep) => unknown;
  /** Breaks it off; the target stays as it was. */
  readonly signal?: AbortSignal;
}

/** What replaces the tables. */
export interface Replacement {
  readonly kind: TransferKind;
  readonly source: string | null;
  readonly replaced: Replaced;
  readonly tables: readonly TableStructure[];
  /** Fills the incoming tables. */
  readonly fill: () => Promise<readonly CopiedTable[]>;
  /** Runs in the transaction of the swap, after it. */
  readonly complete?: (session: Session) => Promise<void>;
}

const KEEP_DAYS = 7;

/**
 * Fills tables in a schema of their own and puts them in the place of the target's in one transaction. The
 * target is as it was until then, and complete afterwards.
 *
 * @throws TransferError; MigrateError `MIGRATION_LOCKED`, `MIGRATION_BLOCKED`, `MIGRATION_FAILED`.
 */
export async function replaceTables(
  { control, own }: TargetSessions,
  environment: string,
  replacement: Replacement,
  options: ReplaceOptions,
): Promise<Receipt> {
  const { actor, keepDays = KEEP_DAYS, onStep, signal } = options;
  const started = performance.now();
  const { kind, source, replaced, tables } = replacement;
  return withMigrationLock(control, WAIT_MILLIS, async () => {
    await requireReplaceable(
      control,
      environment,
      replaced,
      tables.map(({ name }) => name),
    );
    await requireAlone(control, own, environment, options);
    let [committing, swapped] = [false, false];
    try {
      await makeIncoming(control, tables);
      await onStep?.({ kind: 'prepared', tables });
      const copied = await replacement.fill();
      await onStep?.({ kind: 'filled' });
      await requireAlone(control, own, environment, options);
      await onStep?.({ kind: 'swapping' });
      const receipt = await retryOnLocks(control, WAIT_MILLIS, async () => {
        signal?.throwIfAborted();
        await control.query('begin');
        try {
          await swapIn(control, replaced, async () => replacement.complete?.(control));
          const durationMillis = performance.now() - started;
          const written = await writeReceipt(
            control,
            { kind, source, durationMillis, tables: copied, replaced },
            keepDays,
            actor,
          );
          committing = true;
          await control.query('commit');
          return written;
        } catch (error) {
          await control.query('rollback').catch(() => {});
          throw error;
        }
      });
      swapped = true;
      await onStep?.({ kind: 'swapped' });
      return receipt;
    } catch (error) {
      // What became of a COMMIT matters more than that somebody wanted to break it off.
      if (signal?.aborted && !committing) throw signal.reason;
      throw transferFailure(error, environment, committing);
    } finally {
      // What others' sessions still hold of it is given back within seconds.
      if (!swapped)
        await retryOnLocks(control, WAIT_MILLIS, () => dropIncoming(control)).catch(() => {});
    }
  });
}
