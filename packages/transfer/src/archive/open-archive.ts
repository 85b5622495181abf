import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type BackupHeader, parseHeader } from './backup-header.ts';
import { type Checksum, parseChecksums } from './checksums.ts';
import type { Key } from './encryption.ts';
import { ENTRY } from './entry-names.ts';
import { type ArchiveEntry, damaged, foreign, readTar } from './read-tar.ts';
import { countRows } from './table-parts.ts';

/** An archive that is being read. */
export interface OpenArchive {
  readonly header: BackupHeader;
  /**
   * What follows the header. They end only when all of them are what they were when they were written.
   *
   * @returns what each entry is.
   */
  readonly entries: AsyncGenerator<ArchiveEntry, readonly Checksum[], undefined>;
}

/**
 * Reads an archive from its beginning to its end, and compares every entry with its checksum meanwhile:
 * what came before may be used only once the entries have ended.
 *
 * @param bytes such as `createReadStream(file)`.
 * @throws TransferError `ARCHIVE_FOREIGN` (not an archive of Spire's), `ARCHIVE_LOCKED` (no key, or another),
 * `ARCHIVE_DAMAGED` (cut off or altered; also while entries are read), `FILE_UNREADABLE`.
 * @example
 * const {header, entries} = await openArchive(createReadStream(file));
 * for await (const {name, content} of entries) for await (const chunk of content) use(name, chunk);
 */
export async function openArchive(
  bytes: AsyncIterable<Uint8Array>,
  key?: Key,
): Promise<OpenArchive> {
  const checksums: Checksum[] = [];
  const entries = checkedEntries(bytes, key, checksums);
  const first = await entries.next();
  if (first.done || first.value.name !== ENTRY.header) {
    await entries.return([]);
    throw foreign();
  }
  const header = parseHeader(await textOf(first.value.content));
  if (!header) {
    // It may be damaged: that it's another version's is sure only when all of it is whole.
    for await (const _ of entries);
    throw foreign();
  }
  return { header, entries };
}

async function* checkedEntries(
  bytes: AsyncIterable<Uint8Array>,
  key: Key | undefined,
  found: Checksum[],
): AsyncGenerator<ArchiveEntry, readonly Checksum[], undefined> {
  let promised: readonly Checksum[] | undefined;
  for await (const { name, content } of readTar(bytes, key)) {
    if (promised) throw damaged();
    if (name === ENTRY.checksums) {
      promised = parseChecksums(await textOf(content));
      if (!promised) throw damaged();
      continue;
    }
    const hash = createHash('sha256');
    let [size, rows] = [0, 0];
    const watched = watch(content, (chunk) => {
      hash.update(chunk);
      size += chunk.length;
      rows += countRows(chunk);
    });
    yield { name, content: watched };
    // What nobody wanted.
    for await (const _ of watched);
    const isRows = name.startsWith('data/');
    found.push({ name, sha256: hash.digest('hex'), bytes: size, rows: isRows ? rows : null });
  }
  if (!isDeepStrictEqual(promised, found)) throw damaged();
  return found;
}

async function* watch(
  content: AsyncIterable<Buffer>,
  onChunk: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    onChunk(chunk);
    yield chunk;
  }
}

async function textOf(content: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
