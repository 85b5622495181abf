import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A page of docs/. */
export interface Page {
  /** Its path below docs/, such as `guides/psql.md`. */
  readonly name: string;
  readonly file: string;
  readonly markdown: string;
}

/** Pages that the site's build writes, and looks at: they aren't kept in the repository. */
export const BUILT = 'reference/sdk/';

/**
 * The pages that are kept in the repository, by name.
 *
 * @param root the repository.
 */
export function readPages(root: string): Page[] {
  const docs = join(root, 'docs');
  return globSync('**/*.md', { cwd: docs })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((name) => !name.startsWith(BUILT))
    .sort()
    .map((name) => {
      const file = join(docs, name);
      return { name, file, markdown: readFileSync(file, 'utf8') };
    });
}
