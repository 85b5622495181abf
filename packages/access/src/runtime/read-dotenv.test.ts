import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readDotenv } from './read-dotenv.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spire-dotenv-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('reads quotes, comments and export as Node does', () => {
  const file = join(directory, '.env');
  writeFileSync(
    file,
    '# a comment\nexport DB_USER="ann # 1"\nDB_NAME= spire # here\nDB_PASSWORD=\nOTHER=canary\n',
  );
  const { description, variables } = readDotenv(file);
  expect(description).toBe(`file ${file}`);
  expect(variables.map((one) => [one.name, one.kind === 'value' && one.value.reveal()])).toEqual([
    ['DB_NAME', 'spire'],
    ['DB_USER', 'ann # 1'],
  ]);
});

it.each([
  ['missing', 'ENOENT'],
  ['.', 'EISDIR'],
])('says that %s is none', (name, code) => {
  const file = join(directory, name);
  expect(() => readDotenv(file)).toThrow(
    expect.objectContaining({
      code: 'RUNTIME_NOT_FOUND',
      message: `${file} can't be read (${code}).`,
    }),
  );
});
