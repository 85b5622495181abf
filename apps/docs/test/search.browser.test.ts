import { describe, expect, test } from 'vitest';
import { NO_CHROMIUM } from './chromium.ts';
import { read, sources, useSite } from './site.ts';

/** Until there is a guide to pgAdmin, another guide is looked for. */
const [word, path] = sources().some((one) => one.path === '/guides/pgadmin')
  ? ['pgadmin', '/guides/pgadmin']
  : ['alembic', '/guides/adopt'];

describe.skipIf(NO_CHROMIUM)('search', () => {
  const site = useSite();

  test(`finds "${word}" and goes back to its page without a network`, async () => {
    await using visit = await site.open();
    const { page } = visit;
    await read(page, path);
    const title = (await page.locator('h1').textContent()) ?? '';
    await page.locator('.menu').getByRole('link', { name: 'Quickstart' }).click();
    await page.waitForURL('/start/quickstart');
    await page.keyboard.press('ControlOrMeta+k');
    // The field becomes one when the index is there.
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.context().setOffline(true);
    await page.keyboard.type(word);
    const hits = page.locator('[class*=suggestion_]').filter({ hasText: new RegExp(word, 'i') });
    await hits.filter({ hasText: title }).first().click();
    await page.waitForURL((url) => url.pathname === path);
    await page.locator('article mark').first().waitFor();
  });

  test.for(['get', 'from', 'all'])(
    'finds "%s", though it is a word of everyday',
    async (everyday) => {
      await using visit = await site.open();
      const { page } = visit;
      await page.goto(`/search?q=${everyday}`);
      await expect
        .poll(() => page.locator('body').textContent())
        .toMatch(/\d+ documents? found|One document found/i);
    },
  );
});
