import { type BackupHeader, publicTables } from './backup-header.ts';
import type { Checksum } from './checksums.ts';
import type { Key } from './encryption.ts';
import { isPartOf } from './entry-names.ts';
import { openArchive } from './open-archive.ts';

/** An archive that was read to its end, and is what was written. */
export interface VerifiedArchive {
  readonly header: BackupHeader;
  readonly checksums: readonly Checksum[];
  /** The tables of `public`. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

/**
 * Reads all of an archive, and keeps nothing of its rows.
 *
 * @throws TransferError as {@link openArchive}.
 */
export async function verifyArchive(
  bytes: AsyncIterable<Uint8Array>,
  key?: Key,
): Promise<VerifiedArchive> {
  const { header, entries } = await openArchive(bytes, key);
  let next = await entries.next();
  while (!next.done) next = await entries.next();
  const checksums = next.value;
  const tables = publicTables(header).map(({ name }) => ({
    name,
    rows: checksums
      .filter((one) => isPartOf(one.name, 'public', name))
      .reduce((sum, { rows }) => sum + (rows ?? 0), 0),
  }));
  return { header, checksums, tables };
}
