import { brokenLinks } from './broken-links.ts';
import { hasIndentedBlock } from './console-blocks.ts';
import { callProblems } from './documented-commands.ts';
import { type ManifestCommand, manifestCommands } from './manifest.ts';
import { orphanProblems, readSidebar } from './orphans.ts';
import type { Page } from './pages.ts';
import { undescribed } from './reference/command-usage.ts';
import { errorCodes } from './reference/error-codes.ts';
import { generatePages } from './reference/generate-pages.ts';
import { readers } from './reference/read-variables.ts';
import { VARIABLES } from './reference/variables.ts';
import { unknownNames } from './unknown-names.ts';

/** What pages may speak of. */
interface Known {
  readonly commands: readonly ManifestCommand[];
  /** Error codes and variables. */
  readonly names: ReadonlySet<string>;
}

/**
 * What is wrong with pages, without running anything: what isn't as the code says, commands, flags, codes and
 * variables that don't exist, links that lead nowhere, pages that nobody finds.
 */
export async function pageProblems(root: string, pages: readonly Page[]): Promise<string[]> {
  const generated = generatePages(root, pages);
  // Without the codes nothing else can be told.
  if (generated.pages.size === 0) return [...generated.problems];
  const known = readKnown(root);
  const found = new Map(pages.map(({ name, markdown }) => [name, markdown]));
  const stale = [...generated.pages].filter(([name, page]) => found.get(name) !== page);
  return [
    ...generated.problems,
    ...stale.map(([name]) => `docs/${name} isn't what the code says: pnpm docs:reference`),
    ...pages.flatMap((page) => problemsOf(page, known)),
    ...undescribed(
      pages.map(({ markdown }) => markdown),
      known.commands,
    ).map((words) => `docs/reference/cli has no heading "spire ${words}"`),
    ...orphanProblems(
      pages.map(({ name }) => name),
      await readSidebar(root),
    ),
  ];
}

/** What the code has that pages speak of. */
export function readKnown(root: string): Known {
  const codes = errorCodes(root).map(({ code }) => code);
  const explained = Object.values(VARIABLES).flat();
  const names = [
    ...codes,
    ...explained.map(({ name }) => name),
    ...readers(root, new Set()).keys(),
  ];
  return { commands: manifestCommands(root), names: new Set(names) };
}

/** What is wrong with one page by itself. */
export function problemsOf({ name, file, markdown }: Page, { commands, names }: Known): string[] {
  return [
    ...brokenLinks(file, markdown).map((target) => `the link to ${target} leads nowhere`),
    ...callProblems(markdown, commands),
    ...(hasIndentedBlock(markdown) ? ['a console block is indented, so that nothing runs it'] : []),
    ...unknownNames(markdown, names).map((one) => `${one} is neither an error code nor a variable`),
  ].map((problem) => `docs/${name}: ${problem}`);
}
