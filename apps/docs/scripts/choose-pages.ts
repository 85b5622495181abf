/** Makes what the other pages work with. */
const FIRST = 'start/quickstart.md';

/**
 * The pages to run, in their order: the quickstart, then those that are named, or all.
 *
 * @param all paths below docs/, such as `guides/psql.md`.
 * @param named the same, `docs/` before them or no `.md` behind them.
 * @throws Error when one isn't there.
 */
export function choosePages(all: readonly string[], named: readonly string[]): string[] {
  const wanted = named.map((name) => `${name.replace(/^docs\//, '').replace(/\.md$/, '')}.md`);
  const missing = wanted.filter((page) => !all.includes(page));
  if (missing.length > 0) throw new Error(`There is no page docs/${missing.join(', docs/')}.`);
  const others = named.length > 0 ? wanted : [...all].sort();
  return [...new Set([FIRST, ...others])];
}
