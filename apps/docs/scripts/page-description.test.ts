import { expect, test } from 'vitest';
import { pageDescription } from './page-description.ts';

test('is the first paragraph, on one line and without signs', () => {
  const page = "# Adopt\n\nTake over a [database](x.md) of\n`Alembic`'s.\n\nMore.";
  expect(pageDescription(page)).toBe("Take over a database of Alembic's.");
});

test('passes over code, lists and tables that come first', () => {
  const page =
    '# 1\n\n- Status: accepted\n\n```ts\nconst one = 1;\n\nawait it;\n```\n\n| a |\n|---|\n\nWhy.';
  expect(pageDescription(page)).toBe('Why.');
});

test('of a long paragraph it has the sentences that fit', () => {
  const page = `${'A sentence of some length. '.repeat(20)}`;
  const description = pageDescription(page);
  expect(description.length).toBeLessThanOrEqual(200);
  expect(description).toMatch(/length\.$/);
});
