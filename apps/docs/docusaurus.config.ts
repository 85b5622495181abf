import type * as Preset from '@docusaurus/preset-classic';
import type { Config } from '@docusaurus/types';
import type { PluginOptions as SearchOptions } from '@easyops-cn/docusaurus-search-local';
import { llmsTxt } from './plugins/llms-txt.ts';
import { quickstartRun } from './plugins/quickstart-run.ts';
import { pageDescription } from './scripts/page-description.ts';
import { diagramStyle } from './src/diagram-style.ts';
import { prismTheme } from './src/prism-theme.ts';

const docs = '../../docs';

/**
 * A group of the sidebar in the bar above, with the page that it begins with. Its class is not Infima's
 * `navbar__link--active`: search would write the group's name before each result, where it stands already.
 */
const section = (label: string, to: string) => ({
  label,
  to,
  activeBaseRegex: `^${to.split('/', 2).join('/')}/`,
  activeClassName: 'navbar__link--here',
});

export default {
  title: 'Spire',
  tagline: 'The right database, nothing pasted, nothing guessed',
  // Where it is served. Only the sitemap and canonical links need to know.
  url: process.env.SITE_URL ?? 'http://localhost',
  baseUrl: '/',
  favicon: 'img/spire.svg',
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  future: { v4: true },
  markdown: {
    // Pages are plain Markdown, so that they read well in the repository too.
    format: 'md',
    mermaid: true,
    async parseFrontMatter({ defaultParseFrontMatter, ...page }) {
      const { frontMatter, content } = await defaultParseFrontMatter(page);
      return { frontMatter: { description: pageDescription(content), ...frontMatter }, content };
    },
    hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' },
  },
  plugins: [(site) => quickstartRun(site, docs), (site) => llmsTxt(site, docs)],
  themes: [
    '@docusaurus/theme-mermaid',
    [
      '@easyops-cn/docusaurus-search-local',
      {
        hashed: 'filename',
        docsDir: docs,
        docsRouteBasePath: '/',
        indexBlog: false,
        // Words such as `get`, `from` and `all` are commands and flags here.
        removeDefaultStopWordFilter: true,
        highlightSearchTermsOnTargetPage: true,
        explicitSearchResultPath: true,
      } satisfies Partial<SearchOptions>,
    ],
  ],
  presets: [
    [
      'classic',
      {
        docs: { path: docs, routeBasePath: '/', sidebarPath: './sidebars.ts' },
        blog: false,
        pages: false,
        theme: { customCss: './src/css/custom.css' },
      } satisfies Preset.Options,
    ],
  ],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    navbar: {
      title: 'Spire',
      logo: { alt: '', src: 'img/spire.svg', srcDark: 'img/spire-dark.svg' },
      items: [
        section('Start', '/start/quickstart'),
        section('Guides', '/guides/environments'),
        section('Concepts', '/concepts/credentials'),
        section('Reference', '/reference/cli/status'),
        section('Operate', '/operate/troubleshooting'),
      ],
    },
    footer: {
      links: [
        { label: 'Quickstart', to: '/start/quickstart' },
        { label: 'Glossary', to: '/concepts/glossary' },
        { label: 'Errors', to: '/reference/errors' },
        { label: 'Troubleshooting', to: '/operate/troubleshooting' },
        { label: 'Decisions', to: '/decisions/record-decisions' },
        { html: '<a class="footer__link-item" href="/llms.txt">llms.txt</a>' },
      ],
      copyright: 'Apache-2.0. No page asks another server for anything.',
    },
    mermaid: {
      theme: { light: 'neutral', dark: 'dark' },
      options: { look: 'classic', fontFamily: 'inherit', themeCSS: diagramStyle },
    },
    prism: {
      theme: prismTheme,
      additionalLanguages: ['bash', 'ini'],
    },
  } satisfies Preset.ThemeConfig,
} satisfies Config;
