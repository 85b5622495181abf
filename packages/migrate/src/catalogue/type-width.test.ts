import { expect, it } from 'vitest';
import { fitsInto } from './type-width.ts';

it.each([
  ['integer', 'bigint', true],
  ['bigint', 'integer', false],
  ['character varying(50)', 'text', true],
  ['text', 'character varying', true],
  ['text', 'character varying(50)', false],
  ['character varying(50)', 'character varying(100)', true],
  ['character varying(100)', 'character varying(50)', false],
  ['numeric(10,2)', 'numeric(12,2)', true],
  ['numeric(10,2)', 'numeric(12,6)', false],
  ['numeric', 'numeric(10,2)', false],
  ['timestamp without time zone', 'date', false],
  ['mood', 'text', false],
])('%s into %s: %s', (from, to, fits) => {
  expect(fitsInto(from, to)).toBe(fits);
});
