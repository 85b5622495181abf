import { isDeepStrictEqual } from 'node:util';
import { claimDatabase } from '@spire/migrate';
import type { Receipt } from '../receipt.ts';
import { type Replacement, type ReplaceOptions, replaceTables } from '../replace-tables.ts';
import type { Session, Side } from '../session.ts';
import { withTarget } from '../target-sessions.ts';
import { publicTables } from './backup-header.ts';
import type { Key } from './encryption.ts';
import { fillFromArchive } from './fill-from-archive.ts';
import { openArchive } from './open-archive.ts';
import { type RestorePlan, requirePlanned } from './plan-restore.ts';
import { damaged } from './read-tar.ts';
import { restoreBooks } from './restore-books.ts';
import type { VerifiedArchive } from './verify-archive.ts';

/** An archive that can be read more than once, each time from its beginning. */
export interface ArchiveSource {
  /** What the receipt calls it. */
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly key?: Key | undefined;
}

/**
 * Puts what an archive has in the place of the target's tables; where other migrations were applied, also
 * in the place of what is noted of them. What was there is kept for the undo.
 *
 * @param archive what was found in it; it has to be the same still.
 * @param plan what was reviewed.
 * @throws TransferError; MigrateError `PLAN_CHANGED`, `ENVIRONMENT_MISMATCH`, ...; what Postgres refuses. The
 * target is as it was then.
 * @example
 * const open = () => createReadStream(file);
 * const archive = await verifyArchive(open());
 * const plan = await planRestore(session, 'staging', archive);
 * await restoreArchive({name: file, open}, archive, plan, {environment: 'staging', sessions}, {actor});
 */
export async function restoreArchive(
  source: ArchiveSource,
  archive: VerifiedArchive,
  plan: RestorePlan,
  target: Side,
  options: ReplaceOptions,
): Promise<Receipt> {
  const { environment } = target;
  const { replaced } = plan;
  return withTarget(target, options.signal, (sessions) => {
    const fill = async () => {
      await requirePlanned(sessions.control, environment, archive, plan);
      const opened = await openArchive(source.open(), source.key);
      if (!isDeepStrictEqual(opened.header, archive.header)) throw damaged();
      return fillFromArchive(opened, sessions, options);
    };
    const complete = async (session: Session) => {
      if (replaced === 'everything') {
        await restoreBooks(session, await openArchive(source.open(), source.key));
      }
      await claimDatabase(session, environment);
    };
    const tables = publicTables(archive.header);
    const from = source.name;
    const replacement: Replacement = {
      kind: 'restore',
      source: from,
      replaced,
      tables,
      fill,
      complete,
    };
    return replaceTables(sessions, environment, replacement, options);
  });
}
