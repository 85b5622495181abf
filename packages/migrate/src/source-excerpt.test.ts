import { expect, it } from 'vitest';
import { sourceExcerpt } from './source-excerpt.ts';

const BREAK = '\n--> statement-breakpoint\n';

it.each([
  [
    'points at the place',
    ['select 1;', 'select\n  nowhere;'],
    1,
    10,
    '  line 4:   nowhere;\n            ^',
  ],
  [
    'counts characters',
    [`select '\u{1F600}', x;`],
    0,
    13,
    `  line 1: select '\u{1F600}', x;\n                      ^`,
  ],
  ['keeps tabs', ['select\n\tx;'], 0, 9, '  line 2: \tx;\n          \t^'],
  [
    'drops the end of a Windows line',
    ['select x,\r\n1;'],
    0,
    8,
    '  line 1: select x,\n                 ^',
  ],
  [
    'finds the second of two equal ones',
    ['select x;', 'select x;'],
    1,
    8,
    '  line 3: select x;\n                 ^',
  ],
  ['begins with the first character', ['x;'], 0, 1, '  line 1: x;\n          ^'],
])('%s', (_, statements, index, position, excerpt) => {
  const sql = statements.join(BREAK);
  expect(sourceExcerpt({ sql, statements }, index, position)).toBe(excerpt);
});
