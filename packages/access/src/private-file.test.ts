import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spire-private-'));
  path = join(directory, 'file');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (content: string | Uint8Array, mode = 0o600) => {
  writeFileSync(path, content);
  chmodSync(path, mode);
};

describe('readPrivateFile', () => {
  it.each([
    [0o600, true],
    [0o640, false],
    [0o604, false],
  ])('tells whether others may read it: %o', (mode, isPrivate) => {
    write('a\uFEFFé', mode);
    expect(readPrivateFile(path)).toEqual({ text: 'a\uFEFFé', isPrivate });
  });

  it('reads nothing where there is none', () => {
    expect(readPrivateFile(path)).toBeUndefined();
    write('a file, no directory');
    expect(readPrivateFile(join(path, 'file'))).toBeUndefined();
  });

  it('refuses a symbolic link', () => {
    write('x');
    const link = join(directory, 'link');
    symlinkSync(path, link);
    expect(() => readPrivateFile(link)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INSECURE' }),
    );
  });

  it.each([0o770, 0o707, 0o777])('refuses a directory that others may write to: %o', (mode) => {
    write('x');
    chmodSync(directory, mode);
    expect(() => readPrivateFile(path)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INSECURE',
        suggestions: [`chmod 700 '${directory}'`],
      }),
    );
  });

  it.each([0o700, 0o755, 0o1777])(
    'reads from a directory in which others replace nothing: %o',
    (mode) => {
      write('x');
      chmodSync(directory, mode);
      expect(readPrivateFile(path)?.text).toBe('x');
    },
  );

  it('refuses a file that others may write', () => {
    write('x', 0o620);
    expect(() => readPrivateFile(path)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INSECURE', suggestions: [`chmod 600 '${path}'`] }),
    );
  });

  it.runIf(process.getuid?.() === 0)(
    'takes the owner and root for owners, and root reads all',
    () => {
      write('x', 0o644);
      chownSync(path, 12_345, 12_345);
      expect(readPrivateFile(path)?.text).toBe('x');
      const getuid = vi.spyOn(process, 'getuid').mockReturnValue(12_345);
      try {
        expect(readPrivateFile(path)?.text).toBe('x');
        getuid.mockReturnValue(54_321);
        expect(() => readPrivateFile(path)).toThrow(`${path} belongs to another user.`);
      } finally {
        getuid.mockRestore();
      }
    },
  );

  it.each([
    ['what is no text', () => write(Buffer.from([0x61, 0xe9])), "isn't UTF-8 text."],
    ['a directory', () => mkdirSync(path, { mode: 0o700 }), "can't be read (EISDIR)."],
  ])('refuses %s', (_, prepare, message) => {
    prepare();
    expect(() => readPrivateFile(path)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: `${path} ${message}` }),
    );
  });
});

describe('writePrivateFile', () => {
  it('writes for its owner alone, also the directory', () => {
    const file = join(directory, 'new', 'file');
    writePrivateFile(file, 'x');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'new')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(directory, 'new'))).toEqual(['file']);
  });

  it('leaves the directory as it is, and replaces a file that others may read', () => {
    chmodSync(directory, 0o755);
    write('old', 0o644);
    writePrivateFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o755);
  });

  it('says so when it can not write', () => {
    write('a file, no directory');
    expect(() => writePrivateFile(join(path, 'file'), 'x')).toThrow(
      expect.objectContaining({ code: 'CONFIG_UNWRITABLE' }),
    );
  });
});

describe('removePrivateFile', () => {
  it('tells whether there was one', () => {
    write('x');
    expect([removePrivateFile(path), removePrivateFile(path)]).toEqual([true, false]);
  });

  it('says so when it can not', () => {
    mkdirSync(path);
    expect(() => removePrivateFile(path)).toThrow(
      expect.objectContaining({ code: 'CONFIG_UNWRITABLE', message: `${path} can't be removed.` }),
    );
  });
});
