import { brokenLinks } from './broken-links.ts';
import { callProblems } from './documented-commands.ts';
import { manifestCommands } from './manifest.ts';
import { orphanProblems, readSidebar } from './orphans.ts';
import type { Page } from './pages.ts';
import { undescribed } from './reference/command-usage.ts';
import { generatePages } from './reference/generate-pages.ts';

/**
 * What is wrong with pages, without running anything: what isn't as the code says, calls of commands and flags
 * that don't exist, links that lead nowhere, pages that nobody finds.
 */
export async function pageProblems(root: string, pages: readonly Page[]): Promise<string[]> {
  const commands = manifestCommands(root);
  const generated = generatePages(root, pages);
  const found = new Map(pages.map(({ name, markdown }) => [name, markdown]));
  const stale = [...generated.pages].filter(([name, page]) => found.get(name) !== page);
  return [
    ...generated.problems,
    ...stale.map(([name]) => `docs/${name} isn't what the code says: pnpm docs:reference`),
    ...pages.flatMap((page) => problemsOf(page, root)),
    ...undescribed(
      pages.map(({ markdown }) => markdown),
      commands,
    ).map((words) => `docs/reference/cli has no heading "spire ${words}"`),
    ...orphanProblems(
      pages.map(({ name }) => name),
      await readSidebar(root),
    ),
  ];
}

/** What is wrong with one page by itself. */
export function problemsOf({ name, file, markdown }: Page, root: string): string[] {
  return [
    ...brokenLinks(file, markdown).map((target) => `the link to ${target} leads nowhere`),
    ...callProblems(markdown, manifestCommands(root)),
  ].map((problem) => `docs/${name}: ${problem}`);
}
