import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import { TransferError } from '../errors.ts';
import { AGE_MAGIC, decrypt, type Key } from './encryption.ts';

/** What stands in an archive under a name. What isn't read of it is passed over. */
export interface ArchiveEntry {
  readonly name: string;
  readonly content: AsyncIterable<Buffer>;
}

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * Takes the wrapping off an archive: age where it is there, zstd, tar.
 *
 * @throws TransferError `ARCHIVE_FOREIGN`, `ARCHIVE_LOCKED`, `ARCHIVE_DAMAGED`, `FILE_UNREADABLE`.
 */
export async function* readTar(
  bytes: AsyncIterable<Uint8Array>,
  key: Key | undefined,
): AsyncGenerator<ArchiveEntry> {
  const tar = extract();
  try {
    const { head, all } = await peek(bytes, AGE_MAGIC.length);
    const isEncrypted = head.subarray(0, AGE_MAGIC.length).equals(AGE_MAGIC);
    if (!isEncrypted && !head.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC)) throw foreign();
    const compressed = isEncrypted ? await decrypt(ReadableStream.from(all), key) : all;
    const zstd = createZstdDecompress();
    let came = 0;
    async function* counted() {
      for await (const chunk of compressed) {
        came += chunk.length;
        yield chunk;
      }
    }
    const arrived = pipeline(counted, zstd, tar);
    arrived.catch(() => {});
    for await (const entry of tar) {
      yield { name: entry.header.name, content: explained(entry as AsyncIterable<Buffer>) };
    }
    await arrived;
    // What follows the last of it is passed over without a word.
    if (zstd.bytesWritten !== came) throw damaged();
  } catch (error) {
    throw explain(error);
  } finally {
    tar.destroy();
  }
}

async function* explained(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* content;
  } catch (error) {
    throw explain(error);
  }
}

/** Looks at the beginning of something that is read once. */
async function peek(bytes: AsyncIterable<Uint8Array>, length: number) {
  const iterator = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < length) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head, all: all() };
}

function explain(error: unknown): unknown {
  if (error instanceof TransferError) return error;
  const { name, code, syscall, path = 'The archive' } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return error;
  if (syscall) {
    return new TransferError('FILE_UNREADABLE', `${path} can't be read (${code}).`, {
      suggestions: ['See which there are: spire db backups'],
      cause: error,
    });
  }
  return damaged(error);
}

/** For what begins as an archive, and isn't whole. */
export function damaged(cause?: unknown): TransferError {
  return new TransferError(
    'ARCHIVE_DAMAGED',
    'This archive was cut off or altered: it is not what was written.',
    { suggestions: ['Use another copy of it, or another backup: spire db backups'], cause },
  );
}

/** For what isn't one. */
export function foreign(): TransferError {
  return new TransferError('ARCHIVE_FOREIGN', "This isn't an archive that this Spire knows.", {
    suggestions: ['See which there are: spire db backups'],
  });
}
