import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Page,
  Response,
} from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type SiteServer, serveSite } from './site-server.ts';

const BUILD = join(import.meta.dirname, '..', 'build');
const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs');

/** The built site, served, and a browser to read it with. */
export interface Site {
  readonly origin: string;
  /** A page of a browser that has nothing stored yet. */
  open(options?: BrowserContextOptions): Promise<VisitedPage>;
  /** The same in a browser that closed its last page, and has the site's scripts already. */
  openNext(): Promise<VisitedPage>;
}

export interface VisitedPage extends AsyncDisposable {
  readonly page: Page;
  /** What the page did wrong so far: errors on its console, requests that failed or left the origin. */
  readonly problems: string[];
}

/** Opens the site before the tests of a file and closes it after them. */
export function useSite(): Site {
  let server: SiteServer;
  let browser: Browser;
  const idle: BrowserContext[] = [];
  beforeAll(async () => {
    server = await serveSite(BUILD);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
  });
  return {
    get origin() {
      return server.origin;
    },
    async open(options) {
      const context = await browser.newContext({ ...options, baseURL: server.origin });
      const page = await context.newPage();
      const problems = watched(page, server.origin);
      return { page, problems, [Symbol.asyncDispose]: () => context.close() };
    },
    async openNext() {
      const context = idle.pop() ?? (await browser.newContext({ baseURL: server.origin }));
      const page = await context.newPage();
      const problems = watched(page, server.origin);
      const close = async () => {
        await page.close();
        idle.push(context);
      };
      return { page, problems, [Symbol.asyncDispose]: close };
    },
  };
}

/** Goes to a page and waits until its scripts have taken it over: only they show the shortcut of search. */
export async function read(page: Page, path: string): Promise<Response | null> {
  const response = await page.goto(path);
  await page.locator('.navbar__search kbd').first().waitFor();
  await page.waitForLoadState('networkidle');
  return response;
}

function watched(page: Page, origin: string): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      problems.push(`${message.text()} ${message.location().url}`);
    }
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) problems.push(`asked ${url}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  return problems;
}

/** Paths of all pages of the site, as its sitemap has them. */
export function sitePages(): string[] {
  const sitemap = readFileSync(join(BUILD, 'sitemap.xml'), 'utf8');
  return [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(
    (match) => new URL(match[1] ?? '').pathname,
  );
}

/** A page's source in `docs/`. */
export interface Source {
  /** Where the site has it: `/decisions/the-arrows` of `decisions/0001-the-arrows.md`. */
  readonly path: string;
  readonly file: string;
  readonly markdown: string;
}

export function sources(): Source[] {
  return globSync('**/*.md', { cwd: DOCS }).map((file) => {
    const name = file.replace(/\.md$/, '').replaceAll(/(^|\/)\d+-/g, '$1');
    return {
      path: `/${name.replace(/(^|\/)index$/, '$1')}`,
      file,
      markdown: readFileSync(join(DOCS, file), 'utf8'),
    };
  });
}
