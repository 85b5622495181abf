import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { configDirectory } from '@spire/access';
import { archiveName, TransferError } from '@spire/transfer';

/** Where backups go that nobody gives another place. */
export function backupFolder(variables: NodeJS.ProcessEnv): string {
  return join(configDirectory(variables), 'backups');
}

/**
 * The file for a backup that is taken now, in a folder that only its owner may look into.
 *
 * @throws TransferError `FILE_UNWRITABLE` when the folder can't be made.
 */
export function nextBackupFile(
  variables: NodeJS.ProcessEnv,
  environment: string,
  isEncrypted: boolean,
): string {
  const folder = backupFolder(variables);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new TransferError('FILE_UNWRITABLE', `${folder} can't be made (${code}).`, {
      suggestions: ['Name another place: --to FILE'],
      cause,
    });
  }
  return join(folder, archiveName(environment, new Date(), isEncrypted));
}
