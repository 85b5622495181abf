import {
  type Actor,
  applyTogether,
  claimDatabase,
  ensureLedger,
  recordMigration,
} from '@spire/migrate';
import { type MigrationFile, migrationFiles } from '@spire/schema';
import { type CopyOptions, copyInto } from './copy-into.ts';
import type { Receipt } from './receipt.ts';
import { type ReplaceOptions, replaceTables } from './replace-tables.ts';
import type { Session, Side } from './session.ts';
import { withTarget } from './target-sessions.ts';

/**
 * Builds a database anew, whatever it is now: with the tables and rows of another, masked, and then the
 * migrations that those lack. All that `public` had is set aside, and what was noted of its migrations.
 *
 * @returns what was noted of it in the target.
 * @throws TransferError; MigrateError `MIGRATION_FAILED`, `ENVIRONMENT_MISMATCH`, ...; what Postgres refuses.
 * The target is as it was then.
 * @example
 * const receipt = await rebuild(staging, development, {actor, target: {environment: 'development'}});
 */
export async function rebuild(
  source: Side,
  target: Side,
  options: Omit<CopyOptions, 'filter'>,
): Promise<Receipt> {
  return copyInto(source, target, options, async ({ applied, pending }) => ({
    kind: 'rebuild',
    replaced: 'everything',
    complete: (session) =>
      migrateTogether(session, target.environment, applied, pending, options.actor),
  }));
}

/** As {@link rebuild}, with no rows: the modern tables alone. */
export async function rebuildEmpty(target: Side, options: ReplaceOptions): Promise<Receipt> {
  return withTarget(target, options.signal, (sessions) =>
    replaceTables(
      sessions,
      target.environment,
      {
        kind: 'rebuild',
        source: null,
        replaced: 'everything',
        tables: [],
        fill: async () => [],
        complete: (session) =>
          migrateTogether(session, target.environment, [], migrationFiles(), options.actor),
      },
      options,
    ),
  );
}

/** Notes what the tables have, and applies what they lack. */
async function migrateTogether(
  session: Session,
  environment: string,
  applied: readonly MigrationFile[],
  pending: readonly MigrationFile[],
  actor: Actor,
): Promise<void> {
  await ensureLedger(session);
  for (const file of applied) await recordMigration(session, file, actor, 0);
  await applyTogether(session, pending, actor);
  await claimDatabase(session, environment);
}
