import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { headings } from './headings.ts';
import { BUILT } from './pages.ts';

const LINK = /\]\(([^)\s]+)\)/g;

/**
 * The links of a page to files that aren't there, or to headings that a page hasn't.
 *
 * @param file the page's path.
 */
export function brokenLinks(file: string, markdown: string): string[] {
  return [...markdown.matchAll(LINK)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^(https?:|mailto:)/.test(target) && !target.includes(BUILT))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const page = path ? join(dirname(file), path) : file;
      if (path && !existsSync(page)) return true;
      if (anchor === undefined || !page.endsWith('.md')) return false;
      const text = path ? readFileSync(page, 'utf8') : markdown;
      return !headings(text).some((heading) => heading.anchor === anchor);
    });
}
