import {
  type Difference,
  inspectDrift,
  isSchemaDifference,
  type LintFinding,
  lintMigration,
  type MigrationEffects,
  measureEffects,
  planHash,
  readFingerprint,
  readLedger,
  requireAdopted,
  selectPending,
  selectReverted,
} from '@spire/migrate';
import { type MigrationFile, migrationFiles } from '@spire/schema';
import type { SpireDBConnector } from '@spire/sdk';
import type { ShadowDatabase } from './shadow-database.ts';
import { withSession } from './with-session.ts';

/** Which migrations are meant. */
export interface Selection {
  /** The last one to apply, or the one that is the newest after others were taken back. */
  readonly to?: string;
  readonly outOfOrder?: boolean;
}

/** What would be done to one database, and the name of exactly that. */
export interface EnvironmentPlan {
  readonly environment: string;
  /** In the order in which they are run. */
  readonly files: readonly MigrationFile[];
  readonly hash: string;
  /** Whether the database says which environment it is. */
  readonly claimed: boolean;
}

/** What a plan would meet: nothing of it is known from the text alone. */
export interface Review {
  readonly findings: readonly LintFinding[];
  /** Seen in the shadow; undefined without one. */
  readonly effects: readonly MigrationEffects[] | undefined;
  /** Where the database isn't what its applied migrations make; undefined without a shadow. */
  readonly drift: readonly Difference[] | undefined;
}

/**
 * Plans to apply, or to take back, migrations of an environment's database.
 *
 * @throws MigrateError `ADOPTION_REQUIRED`, `LEDGER_DIVERGED`, `MIGRATION_UNKNOWN`, `MIGRATION_IRREVERSIBLE`.
 */
export function planMigration(
  spire: SpireDBConnector,
  direction: 'up' | 'down',
  selection: Selection = {},
): Promise<EnvironmentPlan> {
  return withSession(spire, async (client) => {
    const [all, ledger] = [migrationFiles(), await readLedger(client)];
    const files =
      direction === 'up'
        ? selectPending(all, ledger, selection)
        : selectReverted(all, ledger, selection.to);
    if (direction === 'up') await requireAdopted(client, files);
    const environment = spire.environment.name;
    const hash = planHash(environment, direction, ledger, files);
    const claimed = (await readFingerprint(client)) !== undefined;
    return { environment, files, hash, claimed };
  });
}

/**
 * Reads what is to be applied for risks, replays all of it in the shadow beside what the database is now,
 * and sees what each statement does there.
 *
 * @throws MigrateError `MIGRATION_FAILED` when it fails in the shadow; `LINTER_FAILED`.
 */
export async function reviewMigration(
  spire: SpireDBConnector,
  { files }: EnvironmentPlan,
  shadow: ShadowDatabase | undefined,
): Promise<Review> {
  const findings = (await Promise.all(files.map(lintMigration))).flat();
  if (!shadow) return { findings, effects: undefined, drift: undefined };
  const { differences } = await withSession(spire, (client) =>
    inspectDrift(client, shadow.client, migrationFiles()),
  );
  return {
    findings,
    effects: await measureEffects(shadow.client, files),
    drift: differences.filter(isSchemaDifference),
  };
}
