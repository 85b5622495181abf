import { expect, it } from 'vitest';
import { choosePages } from './choose-pages.ts';

const all = ['guides/psql.md', 'index.md', 'start/quickstart.md'].map((name) => ({
  name,
  file: name,
  markdown: '',
}));
const chosen = (named: readonly string[]) => choosePages(all, named).map(({ name }) => name);

it('takes all pages, the quickstart first', () => {
  expect(chosen([])).toEqual(['start/quickstart.md', 'guides/psql.md', 'index.md']);
});

it.each(['guides/psql', 'guides/psql.md', 'docs/guides/psql.md'])('takes %s alone', (name) => {
  expect(chosen([name])).toEqual(['start/quickstart.md', 'guides/psql.md']);
});

it('says which page is not there', () => {
  expect(() => chosen(['guides/nothing'])).toThrow('docs/guides/nothing.md');
});
