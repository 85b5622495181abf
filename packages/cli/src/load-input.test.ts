import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadInput, loadMapping, parseInput } from './load-input.ts';

const directory = mkdtempSync(join(tmpdir(), 'load-input-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function file(content: string | Buffer): string {
  const path = join(directory, 'input');
  writeFileSync(path, content);
  return path;
}

const ALIASES = Array.from({ length: 9 }, (_, level) => {
  const items = Array.from({ length: 9 }, () => (level === 0 ? 'x' : `*a${level - 1}`));
  return `a${level}: &a${level} [${items.join(', ')}]`;
}).join('\n');

describe('parseInput', () => {
  it.each([
    ['{"a": [1, null, true]}', { a: [1, null, true] }],
    ['a: 2026-01-01\nb: yes\nc: "01"', { a: '2026-01-01', b: 'yes', c: '01' }],
    ['name: \u05d0\u{1F9EA}\u202e', { name: '\u05d0\u{1F9EA}\u202e' }],
    ['name: "a\\0b"', { name: 'a\0b' }],
    ['', null],
  ])('%j', (source, value) => {
    expect(parseInput('x', source)).toEqual(value);
  });

  it.each([
    ['{"name": "x"', /^x:1:13 is neither YAML nor JSON: .*\}\.$/],
    ['a: 1\nb: [1, 2\nc: 3\n', /^x:3:1 is neither/],
    ['a: 1\na: 2\n', /^x:2:1 .*unique/],
    ['a: 1\n---\nb: 2\n', /^x:2:1 .*several documents/],
    ['a: !!js/function "x"', /^x:1:4 .*Unresolved tag/],
    [ALIASES, /^x uses more aliases/],
    ['['.repeat(100_000), /^x:1:\d+ .*nested deeper/],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, /^x:1:\d+ .*nested deeper/],
    ['{"a":'.repeat(100_000), /^x:1:\d+ .*nested deeper/],
    ['- '.repeat(100_000), /^x:1:\d+ .*nested deeper/],
  ])('refuses input %#, saying where and why', (source, message) => {
    const attempt = () => parseInput('x', source);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: expect.stringMatching(message),
        suggestions: [expect.stringMatching(/^Nothing was written\. /)],
      }),
    );
  });
});

describe('loadInput', () => {
  const failure = (path: string) => loadInput(path).catch((error: unknown) => error);

  it('reads a file with a byte order mark', async () => {
    expect(await loadInput(file('\ufeffa: 1\n'))).toEqual({ a: 1 });
  });

  it('takes 1 MB and no more', async () => {
    const small = 'x'.repeat(1024 * 1024);
    expect(await loadInput(file(small))).toBe(small);
    expect(await failure(file(`${small}x`))).toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });

  it('says why a file cannot be read', async () => {
    expect(await failure(directory)).toMatchObject({
      code: 'INPUT_MISSING',
      message: `${directory} can't be read: it is a directory.`,
    });
    expect(await failure('/nowhere/x.yml')).toMatchObject({
      code: 'INPUT_MISSING',
      message: "/nowhere/x.yml can't be read: there is no such file.",
    });
  });

  it('refuses bytes that are no UTF-8 instead of guessing', async () => {
    expect(await failure(file(Buffer.from('name: caf\xe9\n', 'latin1')))).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/isn't text in UTF-8/),
    });
  });
});

describe('loadMapping', () => {
  it('takes names with values', async () => {
    expect(await loadMapping(file('stats: {rows: 1}'))).toEqual({ stats: { rows: 1 } });
  });

  it.each(['[1]', 'word', ''])('refuses %j', async (content) => {
    await expect(loadMapping(file(content))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
