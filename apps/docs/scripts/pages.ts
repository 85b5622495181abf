import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A page of docs/. */
export interface Page {
  /** Its path below docs/, such as `guides/psql.md`. */
  readonly name: string;
  readonly file: string;
  readonly markdown: string;
}

/**
 * The pages that are kept in the repository, by name. Those of the SDK aren't: the site's build writes them.
 *
 * @param root the repository.
 */
export function readPages(root: string): Page[] {
  const docs = join(root, 'docs');
  return globSync('**/*.md', { cwd: docs })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((name) => !name.startsWith('reference/sdk/'))
    .sort()
    .map((name) => {
      const file = join(docs, name);
      return { name, file, markdown: readFileSync(file, 'utf8') };
    });
}
