import type { MigrationFile } from '@spire/schema';
import { compareCatalogues } from './catalogue/compare-catalogues.ts';
import type { Difference } from './catalogue/difference.ts';
import { matchViews } from './catalogue/match-views.ts';
import { readCatalogue } from './catalogue/read-catalogue.ts';
import type { Client } from './client.ts';
import { readLedger } from './ledger.ts';
import { type MigrationPlan, planMigrations } from './plan-migrations.ts';
import { requireAdopted } from './require-adopted.ts';
import { clearShadow, replay } from './shadow.ts';

/** A database beside what its migrations make. */
export interface Drift {
  /** Ledger against files. */
  readonly plan: MigrationPlan;
  /** The applied migrations, replayed in a shadow, against the database. */
  readonly differences: readonly Difference[];
}

/**
 * Replays the migrations that a database says were applied, and compares what they make with what it has.
 *
 * @param shadow an empty database, on a server of Postgres 14 or newer; it has their schema afterwards.
 * @throws MigrateError `MIGRATION_FAILED` when one of them can't be replayed; `ADOPTION_REQUIRED`.
 * @example
 * const {differences} = await inspectDrift(client, shadow, migrationFiles());
 */
export async function inspectDrift(
  live: Client,
  shadow: Client,
  files: readonly MigrationFile[],
): Promise<Drift> {
  const plan = planMigrations(files, await readLedger(live));
  await requireAdopted(live, plan.pending);
  const [, actual] = await Promise.all([replay(shadow, plan.applied), readCatalogue(live)]);
  const expected = await readCatalogue(shadow);
  return { plan, differences: compareCatalogues(expected, await matchViews(shadow, actual)) };
}

/**
 * Compares what the migrations make with what other statements make, such as those of the Drizzle tables.
 *
 * @param shadow an empty database; it has the migrations' schema afterwards.
 * @returns the differences as if the statements had to become what the migrations make.
 * @throws MigrateError `MIGRATION_FAILED`
 */
export async function verifyMigrations(
  shadow: Client,
  files: readonly MigrationFile[],
  statements: readonly string[],
): Promise<Difference[]> {
  for (const statement of statements) await shadow.query(statement);
  const declared = await readCatalogue(shadow);
  await clearShadow(shadow);
  await replay(shadow, files);
  return compareCatalogues(await readCatalogue(shadow), declared);
}

/** Whether a difference is one of the schema: who may read what is each environment's own matter. */
export function isSchemaDifference({ kind, words }: Difference): boolean {
  return kind !== 'grant' && !(kind === 'unknown' && /\bextension\b/.test(words));
}
