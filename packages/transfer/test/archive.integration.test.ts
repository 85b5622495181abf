import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createZstdCompress } from 'node:zlib';
import { readFingerprint, readLedger } from '@spire/migrate';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import type pg from 'pg';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { archiveName, readArchiveName } from '../src/archive/archive-name.ts';
import { backUp } from '../src/archive/back-up.ts';
import type { Key, Lock } from '../src/archive/encryption.ts';
import { listArchives } from '../src/archive/list-archives.ts';
import { cutIntoParts } from '../src/archive/table-parts.ts';
import { verifyArchive } from '../src/archive/verify-archive.ts';
import { writeArchive } from '../src/archive/write-archive.ts';
import { TransferError } from '../src/errors.ts';
import type { Sessions } from '../src/session.ts';
import { contentOf } from './content-of.ts';
import { fillEveryType } from './every-type.ts';
import type { TestSide } from './open-side.ts';
import { insertSampleRows } from './sample-rows.ts';
import { useSides } from './two-databases.ts';
import { useFolder } from './use-folder.ts';

const hasPsql = spawnSync('psql', ['--version']).status === 0;
if (!hasPsql) console.log("Skipped: an archive restored by psql alone, since psql isn't here");

const sides = useSides('archive');
const folder = useFolder();
const at = (name: string) => join(folder, name);
const told = { environment: 'staging', protected: false, madeBy: 'spire test' };

let source: TestSide;
let client: pg.Client;
let sessions: Sessions;

beforeAll(async () => {
  source = await sides.modern('staging');
  client = source.client;
  sessions = source.sessions;
  await insertSampleRows(client);
  await fillEveryType(client, 60, 20261128);
  await client.query(
    `insert into spire.quarantine (source_table, reason, row) values ('history', 'why', '{"a": "\\n"}')`,
  );
});

const verify = (file: string, key?: Key) => verifyArchive(createReadStream(file), key);
const codeOf = async (run: Promise<unknown>) => {
  try {
    await run;
    return 'whole';
  } catch (error) {
    return error instanceof TransferError ? error.code : error;
  }
};

describe('an archive', () => {
  const file = at('plain.tar.zst');
  beforeAll(async () => {
    await backUp(sessions, file, told);
  });

  it('is readable by its owner alone, and nothing else is left', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
  });

  it('says of itself what it is, and holds each row', async () => {
    const { header, tables, checksums } = await verify(file);
    expect(header).toMatchObject({
      format: 'spire-backup',
      ...told,
      postgresMajor: inject('postgresMajor'),
      head: '0012_dfp_orders',
      alembic: null,
    });
    expect(header.ledger).toHaveLength(13);
    const content = await contentOf(client);
    for (const { name, rows } of tables) {
      expect([name, rows]).toEqual([name, Number(content[`public.${name}`]?.split(' ')[0])]);
    }
    const names = checksums.map(({ name }) => name);
    expect([...names.slice(0, 7), ...names.slice(-4)]).toEqual([
      'spire-backup.json',
      'schema.sql',
      'data/drizzle/__drizzle_migrations.001.copy',
      'data/spire/legacy_rows.001.copy',
      'data/spire/migrations.001.copy',
      'data/spire/quarantine.001.copy',
      'data/Every%20%22type%27.001.copy',
      'data/workflow_tags.001.copy',
      'data/workflows.001.copy',
      'indexes.sql',
      'restore.sql',
    ]);
    expect(JSON.stringify(header)).not.toContain(sides.server.host);
  });

  it.skipIf(!hasPsql)('is restored by tar and psql alone', async () => {
    const restored = await sides.empty('staging');
    const unpacked = at('unpacked');
    mkdirSync(unpacked);
    const tar = spawnSync('tar', ['--zstd', '-xf', file, '-C', unpacked], { encoding: 'utf8' });
    expect(tar.stderr).toBe('');
    const psql = spawnSync(
      'psql',
      ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', 'restore.sql', restored.url],
      { cwd: unpacked, encoding: 'utf8' },
    );
    expect(psql.stderr).toBe('');
    expect(psql.status).toBe(0);
    const { 'spire.environment': _, ...content } = await contentOf(client);
    expect(await contentOf(restored.client)).toEqual(content);
    expect(await readLedger(restored.client)).toEqual(await readLedger(client));
    expect(await readFingerprint(restored.client)).toBeUndefined();
    // Sequences go on where the rows end, also those of the books.
    await restored.client.query(`
      insert into referring (every_id) select every_id from referring limit 1;
      insert into "Every ""type'" (key) values (gen_random_uuid());
      insert into spire.quarantine (source_table, reason, row) values ('x', 'y', '{}');
      insert into drizzle.__drizzle_migrations (hash) values ('x')`);
  });

  it('is not begun in a place that is taken, missing or not to be written', async () => {
    expect(await codeOf(backUp(sessions, file, told))).toBe('FILE_UNWRITABLE');
    expect(await codeOf(backUp(sessions, at('nowhere/x.tar.zst'), told))).toBe('FILE_UNWRITABLE');
    mkdirSync(at('shut'));
    chmodSync(at('shut'), 0o500);
    if (process.getuid?.() === 0) console.log('Skipped: a shut folder, which is open to root');
    else expect(await codeOf(backUp(sessions, at('shut/x.tar.zst'), told))).toBe('FILE_UNWRITABLE');
    expect((await verify(file)).header.environment).toBe('staging');
  });
});

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

describe('an encrypted archive', async () => {
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const locks: [string, Lock, Key, Key][] = [
    [
      'passphrase',
      { passphrase: 'four words of mine' },
      { passphrase: 'four words of mine' },
      { passphrase: 'four words of yours' },
    ],
    [
      'recipient',
      { recipients: [recipient] },
      { identity },
      { identity: await generateIdentity() },
    ],
  ];

  it.each(locks)('is opened by its %s alone', async (name, lock, key, wrong) => {
    const file = at(`${name}.tar.zst.age`);
    await backUp(sessions, file, { ...told, lock });
    expect((await verify(file, key)).header.environment).toBe('staging');
    expect(await codeOf(verify(file, wrong))).toBe('ARCHIVE_LOCKED');
    expect(await codeOf(verify(file))).toBe('ARCHIVE_LOCKED');
    expect(readFileSync(file).subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
  });

  // Not by a passphrase, which takes a second to be tried.
  it('is found to be cut off, or altered', async () => {
    const bytes = readFileSync(at('recipient.tar.zst.age'));
    for (const end of [30, 500, bytes.length >> 1, bytes.length - 1]) {
      writeFileSync(at('cut'), bytes.subarray(0, end));
      expect(await codeOf(verify(at('cut'), { identity }))).toBe('ARCHIVE_DAMAGED');
    }
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(at('flipped'), bytes);
    expect(await codeOf(verify(at('flipped'), { identity }))).toBe('ARCHIVE_DAMAGED');
  });

  it('is not begun for somebody who is no recipient', async () => {
    const lock = { recipients: ['age1nobody'] };
    expect(await codeOf(backUp(sessions, at('x.age'), { ...told, lock }))).toBe(
      'RECIPIENT_INVALID',
    );
    expect(existsSync(at('x.age'))).toBe(false);
  });

  const hasAge = spawnSync('age', ['--version']).status === 0;
  if (!hasAge) console.log("Skipped: an archive opened by age itself, since age isn't here");
  it.skipIf(!hasAge)('is opened by age itself', () => {
    writeFileSync(at('identity'), identity);
    const file = at('recipient.tar.zst.age');
    const age = spawnSync('age', ['-d', '-i', at('identity'), '-o', at('opened.tar.zst'), file]);
    expect(age.status).toBe(0);
    const { stdout } = spawnSync('tar', ['--zstd', '-tf', at('opened.tar.zst')], {
      encoding: 'utf8',
    });
    expect(stdout.split('\n')[0]).toBe('spire-backup.json');
  });
});

describe('a backup', () => {
  it('is of one moment, whatever is written meanwhile', async () => {
    const file = at('moment.tar.zst');
    let wrote: Promise<unknown> | undefined;
    await backUp(sessions, file, {
      ...told,
      onStep: () => {
        wrote ??= client.query(`delete from workflow_tags; insert into empty values (1)`);
      },
    });
    await wrote;
    const rowsOf = async (name: string) => {
      const { tables } = await verify(file);
      return tables.find((table) => table.name === name)?.rows;
    };
    expect(await rowsOf('workflow_tags')).toBeGreaterThan(0);
    expect(await rowsOf('empty')).toBe(0);
    expect((await contentOf(client))['public.workflow_tags']).toBe('0 ');
  });

  it('that is called off leaves nothing', async () => {
    const controller = new AbortController();
    const file = at('off.tar.zst');
    const run = backUp(sessions, file, {
      ...told,
      signal: controller.signal,
      onStep: () => controller.abort(),
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder).filter((name) => name.startsWith('off'))).toEqual([]);
  });

  it('whose session is ended leaves nothing', async () => {
    const file = at('ended.tar.zst');
    const run = backUp(sessions, file, {
      ...told,
      onStep: () =>
        void client.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`),
    });
    await expect(run).rejects.toThrow();
    expect(readdirSync(folder).filter((name) => name.startsWith('ended'))).toEqual([]);
  });

  it('that is killed leaves nothing under its name', async () => {
    const file = at('killed.tar.zst');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-backup.ts')], {
      env: {
        ...process.env,
        DATABASE: source.url,
        FILE: file,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(existsSync(file)).toBe(false);
    // Under another it is, and the next one removes it, but not what somebody is still writing.
    const parts = () => readdirSync(folder).filter((name) => name.endsWith('.part'));
    expect(parts()).toEqual([expect.stringMatching(/^killed\.tar\.zst\..*\.\d+\.part$/)]);
    const kept = [
      `living.tar.zst.${hostname()}.${process.ppid}.part`,
      `elsewhere.tar.zst.elsewhere.${child.pid}.part`,
      `of-somebody.${hostname()}.${child.pid}.part`,
    ];
    for (const name of kept) writeFileSync(at(name), '');
    await backUp(sessions, at('next.tar.zst'), told);
    expect(parts().sort()).toEqual(kept.sort());
    for (const name of kept) rmSync(at(name));
    await backUp(sessions, file, told);
    expect((await verify(file)).header.environment).toBe('staging');
  });

  it('by somebody who may not read a table says which one', async () => {
    const role = `archive_reader_${process.pid}`;
    await client.query(`create role ${role}; grant usage on schema drizzle, spire to ${role};
      grant select on all tables in schema public, drizzle, spire to ${role};
      revoke select on referring from ${role}`);
    const reader = {
      async connect() {
        const session = await sessions.connect();
        await session.query(`set role ${role}`);
        return session;
      },
    };
    await expect(backUp(reader, at('reader.tar.zst'), told)).rejects.toMatchObject({
      code: 'TABLE_UNREADABLE',
      message: expect.stringContaining('referring'),
    });
    await client.query(`grant select on referring to ${role}`);
    await backUp(reader, at('reader.tar.zst'), told);
    await client.query(`drop owned by ${role}; drop role ${role}`);
  });
});

it('rows are cut only where one ends', async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => `${index}\t${'x'.repeat(index)}\n`);
  const all = Buffer.from(rows.join(''));
  async function* chunks() {
    for (let start = 0; start < all.length; start += 777) yield all.subarray(start, start + 777);
  }
  let [count, found] = [0, ''];
  for await (const part of cutIntoParts(chunks(), 5000)) {
    const text = Buffer.concat(part.chunks).toString();
    expect(text.endsWith('\n')).toBe(true);
    expect(part.bytes).toBe(text.length);
    expect(part.bytes).toBeLessThan(5000 + 777 + 1010);
    count += part.rows;
    found += text;
  }
  expect([count, found]).toEqual([1000, all.toString()]);
});

it('a list of archives says what can be seen from outside', async () => {
  const list = await listArchives(folder);
  const byName = (name: string) => list.find(({ file }) => file === at(name));
  expect(byName('plain.tar.zst')).toMatchObject({
    environment: 'staging',
    encrypted: false,
    head: '0012_dfp_orders',
    problem: null,
  });
  expect(byName('passphrase.tar.zst.age')).toMatchObject({ environment: null, encrypted: true });
  expect(await listArchives(at('nowhere'))).toEqual([]);
});

it('an archive’s name says what it is of', () => {
  const moment = new Date('2026-11-28T08:00:00.789Z');
  const name = archiveName('my-staging', moment, true);
  expect(name).toBe('my-staging-20261128T080000Z.tar.zst.age');
  expect(readArchiveName(name)).toEqual({
    environment: 'my-staging',
    takenAt: new Date('2026-11-28T08:00:00Z'),
  });
  expect(readArchiveName('other.tar.zst')).toBeUndefined();
  expect(readArchiveName('x-20269928T080000Z.tar.zst')).toBeUndefined();
});

async function tarOf(entries: Record<string, string>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, content);
  tar.finalize();
  return buffer(tar.pipe(createZstdCompress()));
}
