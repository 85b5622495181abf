import { readFileSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { createZstdCompress } from 'node:zlib';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../src/archive/back-up.ts';
import type { Key } from '../src/archive/encryption.ts';
import { writeArchive } from '../src/archive/write-archive.ts';
import { codeOf, told, useArchiveSource, verify } from './archive-source.ts';

const { folder, at, sessions } = useArchiveSource('damaged_archive');

describe('an archive that isn’t whole', () => {
  const file = at('whole.tar.zst');
  const broken = at('broken');
  let bytes: Buffer;
  beforeAll(async () => {
    await backUp(sessions, file, told);
    bytes = readFileSync(file);
  });
  const codeOfBytes = (changed: Buffer, key?: Key) => {
    writeFileSync(broken, changed);
    return codeOf(verify(broken, key));
  };

  it('is found to be so wherever it was cut off', async () => {
    expect(await codeOfBytes(bytes)).toBe('whole');
    expect(await codeOfBytes(bytes.subarray(0, 0))).toBe('ARCHIVE_FOREIGN');
    for (let part = 1; part < 20; part += 1) {
      const end = Math.floor((bytes.length * part) / 20);
      expect([end, await codeOfBytes(bytes.subarray(0, end))]).toEqual([end, 'ARCHIVE_DAMAGED']);
    }
    for (const less of [1, 2, 3, 4, 5, 100]) {
      expect(await codeOfBytes(bytes.subarray(0, -less))).toBe('ARCHIVE_DAMAGED');
    }
  });

  it('is found to be so whichever byte was changed, unless it says the same nevertheless', async () => {
    const { checksums } = await verify(file);
    let same = 0;
    for (let part = 0; part < 20; part += 1) {
      const place = Math.floor((bytes.length * part) / 20);
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0x10;
      const code = await codeOfBytes(changed);
      if (code === 'whole') {
        // Zstd can write the same in more than one way.
        expect((await verify(broken)).checksums).toEqual(checksums);
        same += 1;
      } else {
        expect([place, code]).toEqual([place, part === 0 ? 'ARCHIVE_FOREIGN' : 'ARCHIVE_DAMAGED']);
      }
    }
    expect(same).toBeLessThan(5);
    expect(await codeOfBytes(Buffer.concat([bytes, Buffer.from('more')]))).toBe('ARCHIVE_DAMAGED');
    expect(await codeOfBytes(Buffer.concat([bytes, bytes]))).toBe('ARCHIVE_DAMAGED');
  });

  it('is told from what is no archive of Spire’s', async () => {
    expect(await codeOfBytes(Buffer.from('select 1;'))).toBe('ARCHIVE_FOREIGN');
    expect(await codeOfBytes(Buffer.alloc(100_000, 7))).toBe('ARCHIVE_FOREIGN');
    expect(await codeOfBytes(await tarOf({ 'dump.sql': 'select 1' }))).toBe('ARCHIVE_FOREIGN');
    expect(await codeOf(verify(at('missing')))).toBe('FILE_UNREADABLE');
    expect(await codeOf(verify(folder))).toBe('FILE_UNREADABLE');
  });

  it('is told from one that another version of Spire wrote', async () => {
    const { header } = await verify(file);
    const next = Buffer.from(JSON.stringify({ ...header, version: 2 }));
    const later = at('later.tar.zst');
    await writeArchive(later, {}, (add) =>
      add('spire-backup.json', { chunks: [next], rows: null }),
    );
    expect(await codeOf(verify(later))).toBe('ARCHIVE_FOREIGN');
    // A header alone, with nothing behind it.
    const alone = await tarOf({ 'spire-backup.json': JSON.stringify(header) });
    expect(await codeOfBytes(alone)).toBe('ARCHIVE_DAMAGED');
  });
});

async function tarOf(entries: Record<string, string>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, content);
  tar.finalize();
  return buffer(tar.pipe(createZstdCompress()));
}
