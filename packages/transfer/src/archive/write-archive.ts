import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { constants, createZstdCompress } from 'node:zlib';
import type { Encrypter } from 'age-encryption';
import { type Pack, pack } from 'tar-stream';
import { TransferError } from '../errors.ts';
import type { Checksum } from './checksums.ts';
import { encrypterFor, type Lock } from './encryption.ts';
import { ENTRY } from './entry-names.ts';
import { partOf, removeAbandoned } from './part-file.ts';

/** What an entry is made of. */
export interface Content {
  readonly chunks: readonly Buffer[];
  /** How many rows it holds; null when it holds something else. */
  readonly rows: number | null;
}

/** Adds an entry to an archive that is being written. */
export type AddEntry = (name: string, content: Content) => Promise<void>;

/** How an archive is written. */
export interface WriteOptions {
  /** Default: it isn't encrypted. */
  readonly lock?: Lock | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes an archive under a temporary name, which takes the place of `file` once all of it is on the
 * disk. Nobody but the file's owner may read it. Where anything fails nothing is left.
 *
 * @param fill adds the entries, one after the other.
 * @throws TransferError `FILE_UNWRITABLE`, `RECIPIENT_INVALID`; what `fill` throws; an `AbortError`.
 */
export async function writeArchive(
  file: string,
  { lock, signal }: WriteOptions,
  fill: (add: AddEntry) => Promise<void>,
): Promise<void> {
  const encrypter = lock && encrypterFor(lock);
  const temporary = partOf(file);
  if (existsSync(file)) throw unwritable(file, { code: 'EEXIST' });
  try {
    await removeAbandoned(dirname(file));
    const handle = await open(temporary, 'wx', 0o600);
    await writeTo(handle, encrypter, signal, fill);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw (error as NodeJS.ErrnoException).syscall ? unwritable(file, error) : error;
  }
}

async function writeTo(
  handle: FileHandle,
  encrypter: Encrypter | undefined,
  signal: AbortSignal | undefined,
  fill: (add: AddEntry) => Promise<void>,
): Promise<void> {
  const tar = pack();
  const written = pipeline(
    tar,
    createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
    async function* (bytes: AsyncIterable<Uint8Array>) {
      yield* encrypter ? await encrypter.encrypt(ReadableStream.from(bytes)) : bytes;
    },
    handle.createWriteStream({ flush: true }),
    signal ? { signal } : {},
  );
  const filled = fillTar(tar, fill).catch((error) => {
    tar.destroy(error);
    throw error;
  });
  // What happened first is the reason of the other.
  await Promise.all([filled, written]).finally(() => Promise.allSettled([filled, written]));
}

async function fillTar(tar: Pack, fill: (add: AddEntry) => Promise<void>): Promise<void> {
  const checksums: Checksum[] = [];
  const add = async (name: string, { chunks, rows }: Content) => {
    const hash = createHash('sha256');
    for (const chunk of chunks) hash.update(chunk);
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    checksums.push({ name, sha256: hash.digest('hex'), bytes, rows });
    await addToTar(tar, name, bytes, chunks);
  };
  await fill(add);
  const last = Buffer.from(`${JSON.stringify(checksums, null, 2)}\n`);
  await addToTar(tar, ENTRY.checksums, last.length, [last]);
  tar.finalize();
}

function addToTar(tar: Pack, name: string, size: number, chunks: readonly Buffer[]): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const entry = tar.entry({ name, size, mode: 0o600 }, (error) =>
      error ? reject(error) : resolve(),
    );
    // All of them are in memory already: there is nothing to wait for between them.
    for (const chunk of chunks) entry.write(chunk);
    entry.end(null);
  });
}

function unwritable(file: string, cause: unknown): TransferError {
  const { code } = cause as NodeJS.ErrnoException;
  return new TransferError('FILE_UNWRITABLE', `${file} can't be written (${code}).`, {
    suggestions: [
      code === 'EEXIST' ? 'It exists already: name another file.' : 'Name a file that can be made.',
    ],
    cause,
  });
}
