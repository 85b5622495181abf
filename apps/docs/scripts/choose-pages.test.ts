import { expect, it } from 'vitest';
import { choosePages } from './choose-pages.ts';

const all = ['index.md', 'start/quickstart.md', 'guides/psql.md'];

it('takes all pages, the quickstart first', () => {
  expect(choosePages(all, [])).toEqual(['start/quickstart.md', 'guides/psql.md', 'index.md']);
});

it.each(['guides/psql', 'guides/psql.md', 'docs/guides/psql.md'])('takes %s alone', (name) => {
  expect(choosePages(all, [name])).toEqual(['start/quickstart.md', 'guides/psql.md']);
});

it('says which page is not there', () => {
  expect(() => choosePages(all, ['guides/nothing'])).toThrow('docs/guides/nothing.md');
});
