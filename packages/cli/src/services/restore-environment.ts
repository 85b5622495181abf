import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { loadResolutionInput, type ResolvedEnvironment, resolveEnvironment } from '@spire/access';
import type { SpireDBConnector } from '@spire/sdk';
import {
  type ArchiveSource,
  type Key,
  planRestore,
  type Receipt,
  type ReplaceOptions,
  type RestorePlan,
  restoreArchive,
  TransferError,
  type VerifiedArchive,
  verifyArchive,
} from '@spire/transfer';
import { sideOf } from './copy-options.ts';
import { inSpireWords } from './in-spire-words.ts';
import { withSession } from './with-session.ts';

/** An archive that may go into an environment. */
export interface Restorable extends VerifiedArchive {
  readonly source: ArchiveSource;
}

/**
 * Reads all of an archive, and sees whether it may go into an environment.
 *
 * @throws TransferError `ARCHIVE_DAMAGED`, `ARCHIVE_FOREIGN`, `ARCHIVE_LOCKED`, `ARCHIVE_PROTECTED`, `FILE_UNREADABLE`.
 */
export async function readRestorable(
  file: string,
  key: Key | undefined,
  target: ResolvedEnvironment,
): Promise<Restorable> {
  const source = { name: basename(file), open: () => createReadStream(file), key };
  const archive = await verifyArchive(source.open(), key);
  const { environment } = archive.header;
  if (environment !== target.name && (archive.header.protected || isProtectedHere(environment))) {
    throw new TransferError(
      'ARCHIVE_PROTECTED',
      `This archive is of ${environment}, which is protected: it goes into ${environment} alone.`,
      {
        suggestions: [
          `Bring its rows over masked: spire db refresh -e ${target.name} --from ${environment}`,
          'Nothing was changed.',
        ],
      },
    );
  }
  return { ...archive, source };
}

function isProtectedHere(environment: string): boolean {
  try {
    const input = loadResolutionInput(process.env, environment);
    return resolveEnvironment({ ...input, environment }).protected;
  } catch {
    // Nobody knows it here.
    return false;
  }
}

/** What restoring it would do. */
export function planRestoreInto(
  spire: SpireDBConnector,
  archive: Restorable,
): Promise<RestorePlan> {
  return withSession(spire, (client) => planRestore(client, spire.environment.name, archive));
}

/**
 * Restores an archive into an environment.
 *
 * @throws TransferError, MigrateError, SpireDBError. The environment is as it was then.
 */
export function restoreInto(
  spire: SpireDBConnector,
  { source, ...archive }: Restorable,
  plan: RestorePlan,
  options: ReplaceOptions,
): Promise<Receipt> {
  const { name } = spire.environment;
  return inSpireWords(name, () => restoreArchive(source, archive, plan, sideOf(spire), options));
}
