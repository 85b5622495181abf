import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { consoleBlocks } from '../scripts/console-blocks.ts';
import { playback } from '../scripts/playback.ts';

/**
 * Hands the quickstart's run to the first page as `@generated/quickstart-run/default/run.json`: the
 * first `console` block of the quickstart, which `pnpm test:docs` executes.
 *
 * @param docs the pages' directory, from the site's.
 */
export function quickstartRun({ siteDir }: LoadContext, docs: string): Plugin {
  const page = join(siteDir, docs, 'start', 'quickstart.md');
  return {
    name: 'quickstart-run',
    getPathsToWatch: () => [page],
    async contentLoaded({ actions }) {
      const [run] = consoleBlocks(readFileSync(page, 'utf8'))[0]?.commands ?? [];
      if (!run) throw new Error(`${page} has no console block for the first page to play`);
      await actions.createData('run.json', playback(run));
    },
  };
}
