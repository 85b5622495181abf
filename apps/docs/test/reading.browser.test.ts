import { describe, expect, test } from 'vitest';
import { consoleBlocks } from '../scripts/console-blocks.ts';
import { NO_CHROMIUM } from './chromium.ts';
import { read, sitePages, sources, useSite } from './site.ts';

const source = (path: string) => sources().find((one) => one.path === path)?.markdown ?? '';

describe.skipIf(NO_CHROMIUM)('reading', () => {
  const site = useSite();

  test.for(['/start/quickstart', '/reference/cli/practice'])(
    'on %s, a copy button copies the commands and neither prompt nor output',
    async (path) => {
      await using visit = await site.open({ permissions: ['clipboard-read', 'clipboard-write'] });
      const { page } = visit;
      await read(page, path);
      const copied: string[] = [];
      for (const block of await page.locator('.theme-code-block.language-console').all()) {
        await block.hover();
        await block.getByRole('button', { name: /copy/i }).click();
        copied.push(await page.evaluate(() => navigator.clipboard.readText()));
      }
      expect(copied).toEqual(
        consoleBlocks(source(path)).map(({ commands }) =>
          commands.map(({ command }) => command).join('\n'),
        ),
      );
      expect(copied.length).toBeGreaterThan(1);
    },
  );

  test('the command of the first page is copied as it stands', async () => {
    await using visit = await site.open({ permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = visit;
    await read(page, '/');
    await page.getByRole('button', { name: /copy/i }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe('npx -y pnpm@12 spire quickstart');
  });

  test('a link into a page lands on its heading, below the bar', async () => {
    await using visit = await site.open();
    const { page } = visit;
    await page.goto('/concepts/credentials#its-life');
    const bar = await page.locator('.navbar').boundingBox();
    const top = () => page.locator('#its-life').evaluate((one) => one.getBoundingClientRect().top);
    await expect.poll(top).toBeLessThan(200);
    expect(await top()).toBeGreaterThanOrEqual(bar?.height ?? 0);
  });

  test('a page that is missing is a 404 with ways on', async () => {
    await using visit = await site.open();
    const { page } = visit;
    const response = await page.goto('/no/such/page');
    expect(response?.status()).toBe(404);
    expect(await page.locator('h1').textContent()).toBe('There is no such page');
    await page.locator('main').getByRole('link', { name: 'The quickstart' }).click();
    await page.waitForURL('/start/quickstart');
  });

  test('llms.txt lists every page, and its links lead to their Markdown', async () => {
    const list = await (await fetch(`${site.origin}/llms.txt`)).text();
    const links = [...list.matchAll(/^- \[.+\]\((\/.+\.md)\): /gm)].map((match) => match[1] ?? '');
    expect(links.toSorted()).toEqual(
      sources()
        .map(({ file }) => `/${file}`)
        .toSorted(),
    );
    expect(links).toHaveLength(sitePages().length - 1);
    for (const link of links) {
      const response = await fetch(site.origin + link);
      expect(response.status, link).toBe(200);
      expect(await response.text()).toBe(
        sources().find(({ file }) => `/${file}` === link)?.markdown,
      );
    }
  });
});
