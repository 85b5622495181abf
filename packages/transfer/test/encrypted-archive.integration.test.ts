import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { backUp } from '../src/archive/back-up.ts';
import type { Key, Lock } from '../src/archive/encryption.ts';
import { listArchives } from '../src/archive/list-archives.ts';
import { codeOf, told, useArchiveSource, verify } from './archive-source.ts';

const { folder, at, sessions } = useArchiveSource('encrypted_archive');

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

it('a list of archives says what can be seen from outside', async () => {
  await backUp(sessions, at('plain.tar.zst'), told);
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
