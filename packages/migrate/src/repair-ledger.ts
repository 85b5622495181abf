import { type MigrationFile, migrationFiles } from '@spire/schema';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';
import { inTransaction } from './in-transaction.ts';
import {
  type Actor,
  ensureLedger,
  forgetMigration,
  forgetRow,
  readLedger,
  recordForDrizzle,
  recordMigration,
} from './ledger.ts';
import { WAIT_MILLIS, withMigrationLock } from './migration-lock.ts';
import { type MigrationProblem, planMigrations, problemTag } from './plan-migrations.ts';

/** A correction of the bookkeeping. */
export interface Repair {
  readonly tag: string;
  readonly kind: MigrationProblem['kind'];
  /** What is done to the ledger, in words. */
  readonly change: string;
}

/**
 * What would be done about each problem between files and ledger. Nothing but the ledger changes.
 *
 * @example
 * planRepairs(planMigrations(files, await readLedger(client)).problems);
 */
export function planRepairs(problems: readonly MigrationProblem[]): Repair[] {
  return problems.map((problem) => ({
    tag: problemTag(problem),
    kind: problem.kind,
    change: CHANGES[problem.kind],
  }));
}

const CHANGES: Record<MigrationProblem['kind'], string> = {
  edited: 'the ledger takes the hash of the file as it is now',
  moved: "the ledger takes the file's time in the journal",
  lost: "drizzle's ledger gets it back",
  duplicate: 'the ledger keeps it once',
  'out-of-order': 'the ledger says that it was applied, which somebody did by hand',
  missing: 'the ledger forgets it',
  future: 'the ledger forgets it',
};

/**
 * Brings the ledger in line with the files for one migration, and writes down who did it and why.
 *
 * @param repair.tag the migration, as `planRepairs` names it.
 * @param repair.reason why the bookkeeping was wrong.
 * @throws MigrateError `REPAIR_REFUSED` when there is nothing to repair there; `MIGRATION_LOCKED`.
 * @example
 * await repairLedger(client, {tag: '0013_x', reason: 'a comment was corrected', actor});
 */
export async function repairLedger(
  client: Client,
  repair: {
    readonly tag: string;
    readonly reason: string;
    readonly actor: Actor;
    readonly files?: readonly MigrationFile[];
  },
): Promise<Repair> {
  const { tag, reason, actor, files = migrationFiles() } = repair;
  return withMigrationLock(client, WAIT_MILLIS, async () => {
    const { problems } = planMigrations(files, await readLedger(client));
    const problem = problems.find((one) => problemTag(one) === tag);
    const [planned] = planRepairs(problem ? [problem] : []);
    if (!problem || !planned) {
      throw new MigrateError('REPAIR_REFUSED', `Nothing is wrong with the bookkeeping of ${tag}.`, {
        suggestions: ['See what is: spire migrate repair'],
      });
    }
    await ensureLedger(client);
    await inTransaction(client, async () => {
      await settle(client, problem, actor);
      await client.query(
        `insert into spire.repairs (tag, change, reason, actor, tool_version)
         values ($1, $2, $3, $4, $5)`,
        [tag, planned.change, reason, actor.name, actor.toolVersion],
      );
    });
    return planned;
  });
}

async function settle(client: Client, problem: MigrationProblem, actor: Actor): Promise<void> {
  if (problem.kind === 'lost') return recordForDrizzle(client, problem.file);
  if (problem.kind === 'duplicate') return forgetRow(client, problem.row);
  if ('row' in problem) await forgetMigration(client, problem.row);
  if ('file' in problem) await recordMigration(client, problem.file, actor, 0);
}
