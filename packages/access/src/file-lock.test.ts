import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfigFile } from './config-file.ts';
import { withFileLock } from './file-lock.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spire-lock-'));
  path = join(directory, 'config.yml');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('withFileLock', () => {
  it('loses nothing of what several processes write at once', async () => {
    const edit = `
      const { setEntries } = await import(process.argv[1]);
      for (let i = 0; i < 20; i++) {
        setEntries(process.argv[2], 'mine', new Map([[process.argv[3] + i, 'x']]));
      }`;
    const module = new URL('./config-edit.ts', import.meta.url).href;
    await Promise.all(
      ['A', 'B', 'C'].map((name) =>
        promisify(execFile)(process.execPath, [
          '--input-type=module',
          '--eval',
          edit,
          module,
          path,
          name,
        ]),
      ),
    );
    expect(loadConfigFile(path).environments.get('mine')?.entries.size).toBe(60);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('is released when what it runs fails', () => {
    expect(() =>
      withFileLock(path, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(withFileLock(path, () => existsSync(`${path}.lock`))).toBe(true);
  });

  it('says what to remove when it was left behind', () => {
    writeFileSync(`${path}.lock`, '');
    expect(() => withFileLock(path, () => 1)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_UNWRITABLE',
        suggestions: [`If there is none, it was killed: rm '${path}.lock'`],
      }),
    );
  });
});
