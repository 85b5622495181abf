import { type CopyOptions, copyInto } from './copy-into.ts';
import { TransferError } from './errors.ts';
import { headName, readHead, requireSameHead } from './head.ts';
import type { Receipt } from './receipt.ts';
import type { Side } from './session.ts';

/**
 * Replaces the rows of one database with those of another that has the same migrations, masked.
 *
 * @returns what was noted of it in the target.
 * @throws TransferError; MigrateError `MIGRATION_LOCKED`, `MIGRATION_BLOCKED`; what Postgres refuses. The
 * target is as it was then.
 * @example
 * const receipt = await refresh(
 *   {environment: 'staging', sessions: staging.pool},
 *   {environment: 'development', sessions: development.pool},
 *   {actor: {name: 'ann', toolVersion: '0.1.0'}, target: {environment: 'development'}},
 * );
 */
export async function refresh(source: Side, target: Side, options: CopyOptions): Promise<Receipt> {
  const anew = `Or build it anew: spire db rebuild -e ${target.environment} --from ${source.environment}`;
  return copyInto(source, target, options, async (head, control) => {
    requireSameHead(
      { environment: source.environment, head },
      { environment: target.environment, head: await readHead(control, target.environment, anew) },
    );
    if (options.filter?.workflows !== undefined && head.pending.length > 0) {
      throw new TransferError(
        'HEADS_DIFFER',
        `Both are at ${headName(head)}: workflows can be chosen at the newest migration only.`,
        {
          suggestions: [
            `Bring ${source.environment} there: spire migrate plan -e ${source.environment}`,
            'Or bring all of them.',
            'Nothing was changed.',
          ],
        },
      );
    }
    return { kind: 'refresh', replaced: 'tables' };
  });
}
