import type { SpireDBConnector } from '@spire/sdk';
import { type BackupOptions, type EmptiedTable, emptyTables } from '@spire/transfer';
import { backUpEnvironment, type EnvironmentBackup } from './back-up-environment.ts';
import { sideOf } from './copy-options.ts';
import { inSpireWords } from './in-spire-words.ts';

/** An environment whose tables are empty. */
export interface EmptiedEnvironment {
  readonly environment: string;
  readonly tables: readonly EmptiedTable[];
  /** What has the rows still. */
  readonly backup: EnvironmentBackup | null;
}

/**
 * Removes all rows of an environment, after they were backed up.
 *
 * @param file where to; undefined: nowhere.
 * @throws TransferError, SpireDBError. Then the rows are still there.
 */
export async function emptyEnvironment(
  spire: SpireDBConnector,
  file: string | undefined,
  options: Omit<BackupOptions, 'environment' | 'protected'>,
): Promise<EmptiedEnvironment> {
  const { name } = spire.environment;
  let backup: EnvironmentBackup | null = null;
  const beforehand = async () => {
    if (file !== undefined) backup = await backUpEnvironment(spire, file, options);
    options.signal?.throwIfAborted();
  };
  const tables = await inSpireWords(name, () =>
    emptyTables(sideOf(spire).sessions, { beforehand }),
  );
  return { environment: name, tables, backup };
}
