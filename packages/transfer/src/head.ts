import {
  BASELINE_HEAD,
  type Client,
  describeProblem,
  FAILING_HEAD,
  planMigrations,
  readAlembicHeads,
  readLedger,
} from '@spire/migrate';
import { type MigrationFile, migrationFiles } from '@spire/schema';
import { TransferError } from './errors.ts';

/** Which migrations a database has. */
export interface Head {
  readonly applied: readonly MigrationFile[];
  readonly pending: readonly MigrationFile[];
  /** Whether Alembic made it and Spire has not adopted it: then its tables are the baseline. */
  readonly legacy: boolean;
}

/** What a head is called. */
export function headName({ applied, legacy }: Head): string {
  if (legacy) return "Alembic's last revision";
  return applied.at(-1)?.tag ?? 'no migration';
}

/**
 * Reads which migrations a database has. Not in a transaction: it asks for what may not be there.
 *
 * @param remedy what else can be done about one that is at no state that Spire knows.
 * @throws TransferError `HEADS_DIFFER` for such a one.
 */
export async function readHead(
  client: Client,
  environment: string,
  ...remedy: readonly string[]
): Promise<Head> {
  const files = migrationFiles();
  const { applied, pending, problems } = planMigrations(files, await readLedger(client));
  if (problems.length > 0) {
    throw unknownHead(environment, problems.map(describeProblem).join('; '), [
      `See what is wrong: spire migrate status -e ${environment}`,
      ...remedy,
    ]);
  }
  if (applied.length > 0) return { applied, pending, legacy: false };
  const heads = await readAlembicHeads(client);
  if (heads === undefined) return { applied, pending, legacy: false };
  if (heads.length === 1 && [BASELINE_HEAD, FAILING_HEAD].includes(heads[0] ?? '')) {
    return { applied: files.slice(0, 1), pending: files.slice(1), legacy: true };
  }
  throw unknownHead(environment, `Alembic says ${heads.join(', ') || 'nothing'}`, [
    `See what it is: spire migrate adopt -e ${environment} --dry-run`,
    ...remedy,
  ]);
}

function unknownHead(
  environment: string,
  found: string,
  suggestions: readonly string[],
): TransferError {
  return new TransferError(
    'HEADS_DIFFER',
    `The tables of ${environment} are at no state that Spire knows: ${found}.`,
    { suggestions: [...suggestions, 'Nothing was changed.'] },
  );
}

/** @throws TransferError `HEADS_DIFFER` when one database has migrations that the other hasn't. */
export function requireSameHead(
  source: { readonly environment: string; readonly head: Head },
  target: { readonly environment: string; readonly head: Head },
): void {
  const tags = ({ head }: { head: Head }) => head.applied.map(({ tag }) => tag).join();
  if (tags(source) === tags(target) && source.head.legacy === target.head.legacy) return;
  const { environment } = target;
  const targetIsBehind = !source.head.legacy && !target.head.legacy;
  throw new TransferError(
    'HEADS_DIFFER',
    `${source.environment} is at ${headName(source.head)}, and ${environment} at ${headName(target.head)}: rows alone can't be moved between them.`,
    {
      suggestions: [
        ...(targetIsBehind ? [`Bring both to the same: spire migrate up -e ${environment}`] : []),
        `Or build ${environment} anew: spire db rebuild -e ${environment} --from ${source.environment}`,
        'Nothing was changed.',
      ],
    },
  );
}
