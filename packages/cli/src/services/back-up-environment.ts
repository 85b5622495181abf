import { statSync } from 'node:fs';
import type { SpireDBConnector } from '@spire/sdk';
import { type BackupOptions, backUp } from '@spire/transfer';
import { sideOf } from './copy-options.ts';
import { inSpireWords } from './in-spire-words.ts';

/** A backup that was taken. */
export interface EnvironmentBackup {
  readonly environment: string;
  readonly file: string;
  readonly bytes: number;
  readonly encrypted: boolean;
  readonly takenAt: string;
  /** The newest migration that it has. */
  readonly head: string | null;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

/**
 * Backs up an environment's database into a new file.
 *
 * @throws TransferError, SpireDBError.
 */
export async function backUpEnvironment(
  spire: SpireDBConnector,
  file: string,
  options: Omit<BackupOptions, 'environment' | 'protected'>,
): Promise<EnvironmentBackup> {
  const { name: environment, protected: isProtected } = spire.environment;
  const { header, tables } = await inSpireWords(environment, () =>
    backUp(sideOf(spire).sessions, file, { ...options, environment, protected: isProtected }),
  );
  const { takenAt, head } = header;
  const encrypted = options.lock !== undefined;
  return { environment, file, bytes: statSync(file).size, encrypted, takenAt, head, tables };
}
