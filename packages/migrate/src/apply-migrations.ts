import { type MigrationFile, migrationFiles } from '@spire/schema';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';
import { type Actor, ensureLedger, readLedger, recordMigration } from './ledger.ts';
import { WAIT_MILLIS, withMigrationLock } from './migration-lock.ts';
import { describeProblem, type MigrationPlan, planMigrations } from './plan-migrations.ts';
import { sourceExcerpt } from './source-excerpt.ts';

/** How migrations are applied. */
export interface ApplyOptions {
  readonly actor: Actor;
  /** Default: those of `@spire/schema`. */
  readonly files?: readonly MigrationFile[];
  /** How long to wait for another's migration to end, in milliseconds. Default: 30,000. */
  readonly waitMillis?: number;
  /** Told of each file when it is done, with how long it took. */
  readonly onApplied?: (file: MigrationFile, durationMillis: number) => void;
}

/** @throws MigrateError `LEDGER_DIVERGED` when files and ledger don't fit together. */
function requireConsistent(plan: MigrationPlan): void {
  if (plan.problems.length === 0) return;
  throw new MigrateError(
    'LEDGER_DIVERGED',
    `The migrations here and those applied don't fit: ${plan.problems.map(describeProblem).join('; ')}.`,
    {
      suggestions: [
        'Check that this checkout is the one that is meant to run here, and is up to date.',
        'Nothing was changed.',
      ],
    },
  );
}

/**
 * Applies what is pending, one transaction a file, its ledger row inside, under a lock that lets one
 * session at a time migrate a database. Run it again after a failure: it goes on where it stopped.
 *
 * @returns the files that were applied now.
 * @throws MigrateError `MIGRATION_LOCKED`, `LEDGER_DIVERGED`, `MIGRATION_FAILED` (with statement,
 * line and Postgres' own words).
 * @example
 * await applyMigrations(client, {actor: {name: 'ann', toolVersion: '0.1.0'}});
 */
export async function applyMigrations(
  client: Client,
  options: ApplyOptions,
): Promise<MigrationFile[]> {
  const files = options.files ?? migrationFiles();
  return withMigrationLock(client, options.waitMillis ?? WAIT_MILLIS, async () => {
    await ensureLedger(client);
    const plan = planMigrations(files, await readLedger(client));
    requireConsistent(plan);
    for (const file of plan.pending) {
      const started = performance.now();
      await applyFile(client, file, options.actor, started);
      options.onApplied?.(file, performance.now() - started);
    }
    return [...plan.pending];
  });
}

async function applyFile(
  client: Client,
  file: MigrationFile,
  actor: Actor,
  started: number,
): Promise<void> {
  let running: number | undefined;
  await client.query('begin');
  try {
    for (const [index, statement] of file.statements.entries()) {
      running = index;
      await client.query(statement);
    }
    running = undefined;
    await recordMigration(client, file, actor, performance.now() - started);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw failure(file, running, error);
  }
}

/** @param index of the statement that failed; undefined: what follows them, such as the commit. */
function failure(file: MigrationFile, index: number | undefined, error: unknown): MigrateError {
  const { message, position, code, hint } = error as Record<string, string | undefined>;
  const excerpt =
    index === undefined ? '' : `\n${sourceExcerpt(file, index, Number(position ?? 1))}`;
  return new MigrateError(
    'MIGRATION_FAILED',
    `Migration ${file.tag} failed and was rolled back: ${message} (${code ?? 'no SQLSTATE'})${excerpt}`,
    {
      suggestions: [...(hint ? [hint] : []), 'The migrations before it stay applied.'],
      cause: error,
    },
  );
}
