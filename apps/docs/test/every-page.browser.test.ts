import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { NO_CHROMIUM } from './chromium.ts';
import { read, sitePages, sources, useSite } from './site.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The rules that a theme can break; the others have looked at the same elements in light. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];
const SMALLEST = { width: 360, height: 740 };
const DIAGRAM = /^```mermaid$/m;

describe.skipIf(NO_CHROMIUM)('every page', () => {
  const site = useSite();

  test('the sitemap has each page of docs/, and nothing else but the search', () => {
    const paths = sources().map(({ path }) => path);
    expect(sitePages().toSorted()).toEqual([...paths, '/search'].toSorted());
  });

  test.for(['/', '/guides/services', '/no/such/page'])(
    'what stands around %s can be used by everybody',
    async (path) => {
      await using visit = await site.openNext();
      const { page } = visit;
      await page.emulateMedia({ colorScheme: 'light' });
      await read(page, path);
      await page.evaluate(axe);
      expect(await hindrances(page, undefined, 'html'), 'light').toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.waitForSelector('html[data-theme=dark]');
      expect(await hindrances(page, OF_COLOUR, 'html'), 'dark').toEqual([]);
    },
  );

  test('some pages have diagrams', () => {
    expect(sources().filter(({ markdown }) => DIAGRAM.test(markdown))).not.toEqual([]);
  });

  test.concurrent.for(NO_CHROMIUM ? [] : sitePages())('%s', async (path, { expect }) => {
    await using visit = await site.openNext();
    const { page, problems } = visit;
    await page.emulateMedia({ colorScheme: 'light' });
    const response = await read(page, path);
    expect(response?.status()).toBe(200);
    const diagrams = page.locator('.docusaurus-mermaid-container svg');
    const drawn = () => diagrams.evaluateAll((all) => all.map((one) => one.outerHTML));
    await expect.poll(drawn).toHaveLength(diagramsOf(path));
    const inLight = await drawn();
    await page.evaluate(axe);
    expect.soft(await hindrances(page), 'light').toEqual([]);

    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForSelector('html[data-theme=dark]');
    await expect
      .poll(async () => (await drawn()).filter((one) => inLight.includes(one)))
      .toEqual([]);
    expect(await drawn()).toHaveLength(inLight.length);
    expect.soft(await hindrances(page, OF_COLOUR), 'dark').toEqual([]);

    await page.setViewportSize(SMALLEST);
    expect.soft(await tooWide(page), 'wider than 360 px').toEqual([]);
    expect.soft(problems).toEqual([]);
  });
});

function diagramsOf(path: string): number {
  const markdown = sources().find((source) => source.path === path)?.markdown ?? '';
  return markdown.split(DIAGRAM).length - 1;
}

/**
 * What axe finds that keeps somebody from using the page. All its rules are asked, or some; of the page itself, or of
 * what stands around every page too.
 */
async function hindrances(page: Page, rules?: string[], part = 'main'): Promise<string[]> {
  // Colours that are still fading would be measured halfway.
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
  );
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document.querySelector('${part}') ?? document, ${options})`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

/** The outermost elements that make the page scroll sideways. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const sticksOut = (element: Element | null) =>
      element !== null && element.getBoundingClientRect().right > width;
    const scrolls = (element: Element | null) =>
      element !== null && getComputedStyle(element).overflowX !== 'visible';
    return [...document.querySelectorAll('body *')]
      .filter((element) => sticksOut(element) && !sticksOut(element.parentElement))
      .filter((element) => !scrolls(element.parentElement))
      .map((element) => element.outerHTML.slice(0, 120));
  });
}
