import { describe, expect, it } from 'vitest';
import { fields, localTime, table } from './table.ts';

describe('table', () => {
  it('aligns columns by what is seen: letters of two columns, of none, and of the other direction', () => {
    const lines = table(
      ['name', 'n'],
      [
        ['\u6f22\u5b57', 1],
        ['e\u0301', 2],
        ['\u05d0\u05d1', 3],
        ['abcd', null],
      ],
    ).split('\n');
    expect(lines).toEqual([
      'name  n',
      '\u6f22\u5b57  1',
      'e\u0301     2',
      '\u05d0\u05d1    3',
      'abcd  -',
    ]);
  });

  it('lets nothing in data steer the terminal', () => {
    const hostile = 'a\u001b[31mb\r\nc\u0000\u007f\u009b2J\u202ed\u2066e\t';
    const text = table(['x'], [[hostile]]);
    expect(text).toBe('x\na\u00b7[31mb\u00b7\u00b7c\u00b7\u00b7\u00b72J\u00b7d\u00b7e\u00b7');
  });

  it('leaves no spaces at the end of a line', () => {
    expect(table(['a', 'b'], [['x', '']])).toBe('a  b\nx');
  });

  it('paints a cell without counting the paint', () => {
    const red = (text: string) => `<red>${text}</red>`;
    expect(table(['a', 'b'], [[{ text: 'x', color: red }, 'y']])).toBe('a  b\n<red>x</red>  y');
  });
});

describe('fields', () => {
  it('aligns values, and shows what is absent as a dash', () => {
    expect(
      fields([
        ['name', 'x\u001b'],
        ['description', undefined],
      ]),
    ).toBe('name         x\u00b7\ndescription  -');
  });
});

describe('localTime', () => {
  it("is in the reader's zone, to the minute", () => {
    expect(localTime(new Date(2026, 0, 2, 3, 4, 59))).toBe('2026-01-02 03:04');
  });
});
