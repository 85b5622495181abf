import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodeOf } from '../../../../packages/cli/src/exit-codes.ts';
import { maskingPage } from '../../../../packages/schema/scripts/masking-page.ts';
import { tableModels } from '../../../../packages/schema/scripts/table-model.ts';
import { masksByTable } from '../../../../packages/schema/src/masking/masks-by-table.ts';
import { migrationFiles } from '../../../../packages/schema/src/migration-files.ts';
import { manifestCommands } from '../manifest.ts';
import type { Page } from '../pages.ts';
import { withUsages } from './command-usage.ts';
import { configurationPage, valueSettings } from './configuration-page.ts';
import { type ErrorCode, errorCodes } from './error-codes.ts';
import { errorsPage, exitCodesTable, requireExitCodes } from './errors-page.ts';
import { withMarkedPart } from './marked-part.ts';
import { migrationsPage } from './migrations-page.ts';
import { readers } from './read-variables.ts';
import { withSnippets } from './snippets.ts';
import { tableMeanings } from './table-meanings.ts';
import { tablePages } from './table-pages.ts';

/** Whole folders that are made here: another page in them is of something that is gone. */
const FOLDERS = ['reference/tables/'];

/** What docs/ has to be, as far as it comes from the code. */
export interface Generated {
  /** By path below docs/; undefined for a page that is of nothing any more. None without the codes of errors. */
  readonly pages: ReadonlyMap<string, string | undefined>;
  /** What keeps a page from being made. */
  readonly problems: readonly string[];
}

/**
 * Makes the pages that come from the code, and the parts of others that do.
 *
 * @param root the repository.
 * @param pages as they are.
 */
export function generatePages(root: string, pages: readonly Page[]): Generated {
  const made = new Map<string, string | undefined>();
  const problems: string[] = [];
  const attempt = (where: string, make: () => void) => {
    try {
      make();
    } catch (error) {
      problems.push(`${where}: ${(error as Error).message}`);
    }
  };
  let codes: readonly ErrorCode[];
  try {
    codes = errorCodes(root);
  } catch (error) {
    return { pages: made, problems: [(error as Error).message] };
  }
  attempt('docs/reference/errors.md', () => {
    made.set('reference/errors.md', errorsPage(codes, exitCodeOf));
  });
  attempt('docs/reference/configuration.md', () => {
    const source = readFileSync(join(root, 'packages/access/src/environment.ts'), 'utf8');
    const known = readers(root, new Set(codes.map(({ code }) => code)));
    made.set('reference/configuration.md', configurationPage(valueSettings(source), known));
  });
  attempt('docs/reference/migrations.md', () => {
    made.set('reference/migrations.md', migrationsPage(migrationFiles()));
  });
  attempt('docs/concepts/masking.md', () => {
    made.set('concepts/masking.md', maskingPage());
  });
  attempt('docs/reference/tables', () => {
    const meanings = tableMeanings(root);
    const facts = { models: tableModels(), meanings, masks: masksByTable() };
    for (const [name, page] of tablePages(facts)) made.set(name, page);
  });
  for (const { name, markdown } of pages) {
    if (made.has(name)) continue;
    if (FOLDERS.some((folder) => name.startsWith(folder))) made.set(name, undefined);
    else attempt(`docs/${name}`, () => made.set(name, completed(root, name, markdown, codes)));
  }
  return { pages: made, problems };
}

/** A page that people write, with what the code gives to it. */
function completed(
  root: string,
  name: string,
  markdown: string,
  codes: readonly ErrorCode[],
): string {
  if (name.startsWith('decisions/')) return markdown;
  const usages = name.startsWith('reference/cli/')
    ? withUsages(markdown, manifestCommands(root))
    : markdown;
  const isExits = name === 'reference/exit-codes.md';
  if (isExits) requireExitCodes(markdown);
  const whole = isExits
    ? withMarkedPart(usages, 'errors', exitCodesTable(codes, exitCodeOf))
    : usages;
  return withSnippets(whole, (file) => {
    const path = join(root, file);
    return file && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  });
}
