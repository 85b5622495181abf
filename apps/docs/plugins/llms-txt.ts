import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocMetadata, LoadedContent } from '@docusaurus/plugin-content-docs';
import type { LoadContext, Plugin } from '@docusaurus/types';

type Sidebar = LoadedContent['loadedVersions'][number]['sidebars'][string];

/**
 * Writes `llms.txt`, the list of all pages by the groups of the sidebar, and lays each page's Markdown
 * beside its HTML: the list points to it.
 *
 * @param docs the pages' directory, from the site's.
 */
export function llmsTxt({ siteDir, siteConfig }: LoadContext, docs: string): Plugin {
  const directory = join(siteDir, docs);
  let list = '';
  return {
    name: 'llms-txt',
    async allContentLoaded({ allContent }) {
      const content = allContent['docusaurus-plugin-content-docs']?.default as LoadedContent;
      const [version] = content.loadedVersions;
      if (!version) throw new Error('the site has no pages');
      const groups = Object.values(version.sidebars).flatMap(groupsOf);
      const inGroups = new Set(groups.flatMap(({ ids }) => ids));
      const line = (doc: DocMetadata) =>
        `- [${doc.title}](${doc.source.replace(`@site/${docs}`, '')}): ${doc.description}`;
      const linesOf = (keep: (doc: DocMetadata) => boolean) => version.docs.filter(keep).map(line);
      list = [
        `# ${siteConfig.title}\n\n> ${siteConfig.tagline}\n`,
        ...linesOf(({ id }) => !inGroups.has(id)),
        ...groups.flatMap(({ label, ids }) => [
          `\n## ${label}\n`,
          ...ids.flatMap((id) => linesOf((doc) => doc.id === id)),
        ]),
      ].join('\n');
    },
    async postBuild({ outDir }) {
      writeFileSync(join(outDir, 'llms.txt'), `${list}\n`);
      cpSync(directory, outDir, {
        recursive: true,
        filter: (path) => path.endsWith('.md') || !/\.\w+$/.test(path),
      });
    },
  };
}

function groupsOf(sidebar: Sidebar): { label: string; ids: string[] }[] {
  return sidebar.flatMap((item) =>
    item.type === 'category' ? [{ label: item.label, ids: idsIn([item]) }] : [],
  );
}

function idsIn(items: Sidebar): string[] {
  return items.flatMap((item) => {
    if (item.type !== 'category') return item.type === 'doc' ? [item.id] : [];
    return [...(item.link?.type === 'doc' ? [item.link.id] : []), ...idsIn(item.items)];
  });
}
