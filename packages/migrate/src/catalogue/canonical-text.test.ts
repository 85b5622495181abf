import { expect, it } from 'vitest';
import { canonicalText } from './canonical-text.ts';

it.each([
  [
    'a list before and after a dump',
    `((a)::text = ANY ((ARRAY['x'::character varying, 'it''s, ]'::character varying, NULL::character varying])::text[]))`,
    `((a)::text = ANY (ARRAY[('x'::character varying)::text, ('it''s, ]'::character varying)::text, (NULL::character varying)::text]))`,
  ],
  ['a word that some versions quote', `CHECK (("json" > 1))`, 'CHECK ((json > 1))'],
])('%s is the same', (_, one, other) => {
  expect(canonicalText(one)).toBe(canonicalText(other));
});

it.each([`'"json"'`, `"Json"`, `"a b"`, `ARRAY[1, 2]`])('%s is kept', (text) => {
  expect(canonicalText(text)).toBe(text);
});
