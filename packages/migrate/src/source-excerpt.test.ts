import { expect, it } from 'vitest';
import { sourceExcerpt } from './source-excerpt.ts';

it('points at the place in the file', () => {
  const source = 'select 1;\n--> statement-breakpoint\nselect\n  nowhere;\n';
  expect(sourceExcerpt(source, 'select\n  nowhere;', 10)).toBe(
    '  line 4:   nowhere;\n            ^',
  );
});
