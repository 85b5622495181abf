import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINK = /\]\(([^)\s]+)\)/g;

/**
 * The links of a page to files that aren't there.
 *
 * @param file the page's path.
 */
export function brokenLinks(file: string, markdown: string): string[] {
  return [...markdown.matchAll(LINK)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .filter((target) => !existsSync(join(dirname(file), target.split('#')[0] ?? '')));
}
