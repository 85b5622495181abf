import { describe, expect, test } from 'vitest';
import { consoleBlocks } from '../scripts/console-blocks.ts';
import { NO_CHROMIUM } from './chromium.ts';
import { sources, useSite } from './site.ts';

const LIMIT_BYTES = 300_000;
const LAST_LINE = '[class*=screen] > :last-child';

const quickstart = sources().find(({ path }) => path === '/start/quickstart')?.markdown ?? '';
const [run] = consoleBlocks(quickstart)[0]?.commands ?? [];

describe.skipIf(NO_CHROMIUM)('the first page', () => {
  const site = useSite();

  test('is under 300 KB over the wire, fonts and scripts included', async () => {
    await using visit = await site.open();
    const { page } = visit;
    const sizes: Promise<{ sent: number; raw: number }>[] = [];
    page.on('requestfinished', (request) => sizes.push(sizesOf(request)));
    await page.goto('/', { waitUntil: 'networkidle' });
    const all = await Promise.all(sizes);
    const sent = all.reduce((sum, size) => sum + size.sent, 0);
    const raw = all.reduce((sum, size) => sum + size.raw, 0);
    console.log(
      `the first page: ${kb(sent)} over the wire, ${kb(raw)} unpacked, ${all.length} requests`,
    );
    expect(sent).toBeLessThan(LIMIT_BYTES);
  });

  test('plays the run that the quickstart page has, line by line', async () => {
    await using visit = await site.open({ reducedMotion: 'no-preference' });
    const { page } = visit;
    await page.goto('/');
    const last = page.locator(LAST_LINE);
    const opacity = () => last.evaluate((line) => getComputedStyle(line).opacity);
    expect(await opacity()).toBe('0');
    await expect.poll(opacity).toBe('1');
    expect((await page.locator('[class*=screen]').textContent())?.trimEnd()).toBe(
      `$ ${run?.command}\n${run?.output}`,
    );
    await page.getByRole('button', { name: 'Play again' }).click();
    expect(await opacity()).toBe('0');
  });

  test('shows the whole run at once to whoever wants no motion', async () => {
    await using visit = await site.open({ reducedMotion: 'reduce' });
    await visit.page.goto('/');
    const last = visit.page.locator(LAST_LINE);
    expect(await last.evaluate((line) => getComputedStyle(line).opacity)).toBe('1');
  });

  test('can be read without JavaScript', async () => {
    await using visit = await site.open({ javaScriptEnabled: false });
    await visit.page.goto('/');
    const text = await visit.page.locator('main').textContent();
    expect(text).toContain('npx -y pnpm@12 spire quickstart');
    expect(text).toContain(run?.output.split('\n')[0]);
  });

  test('moves nothing after it has been painted', async () => {
    await using visit = await site.open({ reducedMotion: 'no-preference' });
    const { page } = visit;
    await page.goto('/', { waitUntil: 'networkidle' });
    await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished)));
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const observer = new PerformanceObserver((list) => {
            resolve(
              list.getEntries().reduce((sum, entry) => sum + Number(entry.toJSON().value), 0),
            );
          });
          observer.observe({ type: 'layout-shift', buffered: true });
          // Nothing is reported when nothing moved.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
        }),
    );
    expect(shift).toBeLessThan(0.005);
  });
});

async function sizesOf(request: import('playwright-core').Request) {
  const { responseBodySize, responseHeadersSize } = await request.sizes();
  const response = await request.response();
  return {
    sent: responseBodySize + responseHeadersSize,
    raw: (await response?.body())?.length ?? 0,
  };
}

function kb(bytes: number): string {
  return `${Math.round(bytes / 1000)} KB`;
}
