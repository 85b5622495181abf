import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { pasteLine } from './paste-line.ts';

it.each([
  ['adds the flag', ['migrate', 'up'], 'spire migrate up --confirm vital'],
  [
    'replaces it',
    ['migrate', 'up', '--confirm', 'other', '-e', 'vital', '--confirm=x'],
    'spire migrate up -e vital --confirm vital',
  ],
  [
    'leaves to another program what is meant for it',
    ['db', 'psql', '--write', '--', '-c', 'select 1', '--confirm', 'x'],
    `spire db psql --write --confirm vital -- -c 'select 1' --confirm x`,
  ],
])('%s', (_, argv, line) => {
  expect(pasteLine(argv, '--confirm', 'vital')).toBe(line);
});

it('gives every word back through a shell as it was', () => {
  const words = [
    '',
    'two words',
    `it's "so"`,
    '$HOME `id` $(id)',
    'a\nb',
    '~',
    '*',
    '!x',
    '\\',
    '#',
    '\u{1F9EA}\u05d0',
  ];
  const line = pasteLine(words, '--after', `'`).replace(/^spire /, '');
  const shell = ['-c', `printf '%s\\0' ${line}`];
  const given = execFileSync('/bin/sh', shell, { encoding: 'utf8' }).split('\0').slice(0, -1);
  expect(given).toEqual([...words, '--after', `'`]);
});
