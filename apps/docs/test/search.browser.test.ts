import { describe, expect, test } from 'vitest';
import { NO_CHROMIUM } from './chromium.ts';
import { sources, useSite } from './site.ts';

/** Until there is a guide to pgAdmin, another guide is looked for. */
const [word, path] = sources().some((one) => one.path === '/guides/pgadmin')
  ? ['pgadmin', '/guides/pgadmin']
  : ['alembic', '/guides/adopt'];

describe.skipIf(NO_CHROMIUM)('search', () => {
  const site = useSite();

  test(`finds "${word}" and opens its page without a network`, async () => {
    await using visit = await site.open();
    const { page } = visit;
    await page.goto('/guides/services', { waitUntil: 'networkidle' });
    await page.keyboard.press('ControlOrMeta+k');
    // The field becomes one when the index is there.
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.context().setOffline(true);
    await page.keyboard.type(word);
    const hit = page.locator('[class*=suggestion_]').filter({ hasText: new RegExp(word, 'i') });
    await hit.first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === path);
    await page.locator('article mark').first().waitFor();
  });

  test.for(['get', 'from', 'all'])(
    'finds "%s", though it is a word of everyday',
    async (everyday) => {
      await using visit = await site.open();
      const { page } = visit;
      await page.goto(`/search?q=${everyday}`, { waitUntil: 'networkidle' });
      await expect
        .poll(() => page.locator('body').textContent())
        .toMatch(/\d+ documents? found|One document found/i);
    },
  );
});
