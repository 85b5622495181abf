import type { Page } from './pages.ts';

/** Makes what the other pages work with. */
const FIRST = 'start/quickstart.md';

/**
 * The pages to run, in their order: the quickstart, then those that are named, or all.
 *
 * @param named their names, `docs/` before them or no `.md` behind them.
 * @throws Error when one isn't there.
 */
export function choosePages(all: readonly Page[], named: readonly string[]): Page[] {
  const wanted = named.map((name) => `${name.replace(/^docs\//, '').replace(/\.md$/, '')}.md`);
  const missing = wanted.filter((name) => !all.some((page) => page.name === name));
  if (missing.length > 0) throw new Error(`There is no page docs/${missing.join(', docs/')}.`);
  const chosen = named.length > 0 ? wanted : all.map(({ name }) => name);
  return [...new Set([FIRST, ...chosen])].flatMap((name) =>
    all.filter((page) => page.name === name),
  );
}
