import { type MigrationFile, migrationFiles } from '@spire/schema';
import {
  BASELINE_HEAD,
  FAILING_HEAD,
  type FailingParts,
  findFailingParts,
  readAlembicHeads,
} from './alembic.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { compareCatalogues } from './catalogue/compare-catalogues.ts';
import type { Difference } from './catalogue/difference.ts';
import { matchViews } from './catalogue/match-views.ts';
import { readCatalogue } from './catalogue/read-catalogue.ts';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';
import { claimDatabase } from './fingerprint.ts';
import { inTransaction } from './in-transaction.ts';
import { isSchemaDifference } from './inspect-drift.ts';
import { type Actor, ensureLedger, readLedger, recordMigration } from './ledger.ts';
import { WAIT_MILLIS, withMigrationLock } from './migration-lock.ts';
import { replay } from './shadow.ts';

/** Whether a database can be adopted, and what stands in the way. */
export interface AdoptionPlan {
  /**
   * `ready`: its tables are the baseline. `differs`: they aren't. `adopted`: Spire has it already.
   * `split`: Alembic names several heads. `empty`: it has nothing. `unmanaged`: Alembic says nothing of it.
   */
  readonly state: 'ready' | 'differs' | 'adopted' | 'split' | 'empty' | 'unmanaged';
  /** The revisions that Alembic names. */
  readonly heads: readonly string[];
  /** What was found, in sentences. */
  readonly findings: readonly string[];
  /** What keeps the tables from being the baseline. */
  readonly differences: readonly Difference[];
  /** What differs and doesn't matter here: who may read what, extensions. */
  readonly ignored: readonly Difference[];
  /** The baseline, with what the migrations after it carry over. */
  readonly expected: Catalogue;
}

/**
 * Compares a database that Alembic made with the baseline, replayed in a shadow.
 *
 * @param shadow an empty database; it has the baseline afterwards.
 * @example
 * const plan = await planAdoption(client, shadow);
 * if (plan.state === 'ready') await adoptDatabase(client, plan, 'staging', actor);
 */
export async function planAdoption(
  live: Client,
  shadow: Client,
  files: readonly MigrationFile[] = migrationFiles(),
): Promise<AdoptionPlan> {
  const baseline = baselineOf(files);
  const [ledger, heads] = [await readLedger(live), await readAlembicHeads(live)];
  await replay(shadow, [baseline]);
  const actual = await matchViews(shadow, await readCatalogue(live));
  const parts = findFailingParts(await readCatalogue(shadow), actual);
  const found = compareCatalogues(parts.expected, actual);
  const differences = found.filter(isSchemaDifference);
  const state = (): AdoptionPlan['state'] => {
    if (ledger.some(({ hash }) => hash === baseline.hash)) return 'adopted';
    const empty = ![...actual.objects.values()].some(({ kind }) => kind === 'table');
    if (!heads?.length) return empty ? 'empty' : 'unmanaged';
    if (heads.length > 1) return 'split';
    return differences.length === 0 ? 'ready' : 'differs';
  };
  return {
    state: state(),
    heads: heads ?? [],
    findings: [...describeHeads(heads ?? []), ...describeParts(parts, heads ?? [])],
    differences,
    ignored: found.filter((difference) => !isSchemaDifference(difference)),
    expected: parts.expected,
  };
}

function baselineOf(files: readonly MigrationFile[]): MigrationFile {
  const [baseline] = files;
  if (!baseline) throw new MigrateError('MIGRATION_UNKNOWN', 'There are no migrations.');
  return baseline;
}

function describeHeads(heads: readonly string[]): string[] {
  const [head] = heads;
  if (head === undefined) return ['Alembic names no revision.'];
  if (heads.length > 1) {
    return [
      `Alembic names several heads (${heads.join(', ')}): two branches of its history were never merged.`,
    ];
  }
  if (head === BASELINE_HEAD) return [`Alembic is at ${head}, the baseline's revision.`];
  if (head === FAILING_HEAD) {
    return [
      `Alembic is at ${head}, the revision after the baseline's, which fails as it was written.`,
    ];
  }
  return [
    `Alembic is at ${head}, which Spire doesn't know: an older revision, or one of another tree.`,
  ];
}

function describeParts({ carried, derived }: FailingParts, heads: readonly string[]): string[] {
  const said = heads[0] === FAILING_HEAD ? '' : `, though Alembic doesn't say so`;
  return [
    ...(carried.length > 0
      ? [`${carried.join(', ')}: of ${FAILING_HEAD}${said}. The migrations carry that over.`]
      : []),
    ...derived.map(
      (table) =>
        `${table} looks like ${FAILING_HEAD}'s table of latest runs${said}. What it holds can be had from history again, so it may be dropped.`,
    ),
  ];
}

/**
 * Records the baseline as applied and claims the database, after looking once more, under the lock, whether
 * it still is the baseline. `alembic_version` stays as it is.
 *
 * @throws MigrateError `ADOPTION_REFUSED` when the plan isn't `ready`, or the database has changed since;
 * `MIGRATION_LOCKED`; `ENVIRONMENT_MISMATCH`.
 */
export async function adoptDatabase(
  live: Client,
  plan: AdoptionPlan,
  environment: string,
  actor: Actor,
  files: readonly MigrationFile[] = migrationFiles(),
): Promise<void> {
  if (plan.state !== 'ready') throw refused('it is no database to adopt');
  const baseline = baselineOf(files);
  await withMigrationLock(live, WAIT_MILLIS, async () => {
    const [ledger, heads] = [await readLedger(live), await readAlembicHeads(live)];
    const now = compareCatalogues(plan.expected, await readCatalogue(live));
    if (ledger.length > 0 || String(heads) !== String(plan.heads) || now.some(isSchemaDifference)) {
      throw refused('it has changed since the plan was made');
    }
    await requireOwner(live);
    await claimDatabase(live, environment);
    await ensureLedger(live);
    await inTransaction(live, () => recordMigration(live, baseline, actor, 0));
  });
}

function refused(why: string): MigrateError {
  return new MigrateError('ADOPTION_REFUSED', `The database wasn't adopted: ${why}.`, {
    suggestions: ['See what it is now: spire migrate adopt --dry-run'],
  });
}

/** Tables of another owner can't be altered, so that the next migration would stop on the way. */
async function requireOwner(live: Client): Promise<void> {
  const { rows } = await live.query(`
    select relname, relowner::regrole::text as owner, current_user as me from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S')
      and not pg_has_role(relowner, 'usage')
    order by relname collate "C"`);
  if (rows.length === 0) return;
  const [{ me } = {}] = rows;
  throw new MigrateError(
    'ADOPTION_REFUSED',
    `The database wasn't adopted: ${me} may not alter what others own: ${rows.map(({ relname, owner }) => `${relname} (${owner})`).join(', ')}.`,
    {
      suggestions: [
        `Let somebody who may say: alter table ... owner to ${me}`,
        'Nothing was changed.',
      ],
    },
  );
}
