import type { Request } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { consoleBlocks } from '../scripts/console-blocks.ts';
import { playback } from '../scripts/playback.ts';
import { NO_CHROMIUM } from './chromium.ts';
import { read, sources, useSite } from './site.ts';

const LIMIT_BYTES = 300_000;
const LAST_LINE = '[class*=screen] > :last-child';

const quickstart = sources().find(({ path }) => path === '/start/quickstart')?.markdown ?? '';
const [run] = consoleBlocks(quickstart)[0]?.commands ?? [];

describe.skipIf(NO_CHROMIUM)('the first page', () => {
  const site = useSite();

  test('is under 300 KB over the wire, fonts and scripts included', async () => {
    await using visit = await site.open();
    const { page } = visit;
    const requests: Request[] = [];
    page.on('requestfinished', (request) => {
      // What is fetched ahead when the page is done belongs to the pages that it leads to.
      if (!request.headers()['sec-purpose']) requests.push(request);
    });
    await read(page, '/');
    const all = await Promise.all(requests.map(sizesOf));
    const sent = all.reduce((sum, size) => sum + size.sent, 0);
    const raw = all.reduce((sum, size) => sum + size.raw, 0);
    console.log(
      `the first page: ${kb(sent)} over the wire, ${kb(raw)} unpacked, ${all.length} requests`,
    );
    expect(sent).toBeLessThan(LIMIT_BYTES);
  });

  test('plays the run that the quickstart page has, each line when it was printed', async () => {
    await using visit = await site.open({ reducedMotion: 'no-preference' });
    const { page } = visit;
    await read(page, '/');
    const screen = page.locator('[class*=screen]');
    expect((await screen.textContent())?.trimEnd()).toBe(`$ ${run?.command}\n${run?.output}`);
    const [command, ...lines] = await screen.evaluate((one) =>
      one.getAnimations({ subtree: true }).map((animation) => {
        const line = (animation.effect as KeyframeEffect).target as Element;
        animation.pause();
        animation.currentTime = 0;
        const before = getComputedStyle(line).opacity;
        animation.finish();
        const { delay = 0 } = animation.effect?.getTiming() ?? {};
        return { delay, before, after: getComputedStyle(line).opacity };
      }),
    );
    expect(command?.delay).toBe(0);
    expect(lines.map(({ before, after }) => [before, after])).toEqual(lines.map(() => ['0', '1']));
    const times = run && playback(run).lines.map(({ at }) => at);
    const typed = (lines[0]?.delay ?? 0) - (times?.[0] ?? 0);
    expect(lines.map(({ delay }) => Math.round(delay - typed))).toEqual(times);
    expect(typed).toBeGreaterThan(500);
  });

  test('plays it again', async () => {
    await using visit = await site.open({ reducedMotion: 'no-preference' });
    const { page } = visit;
    await read(page, '/');
    const before = await page.locator('[class*=screen]').elementHandle();
    await page.getByRole('button', { name: 'Play again' }).click();
    await expect.poll(() => before?.evaluate((one) => one.isConnected)).toBe(false);
    const again = page.locator('[class*=screen]');
    expect(
      await again.evaluate((one) => one.getAnimations({ subtree: true }).length),
    ).toBeGreaterThan(5);
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
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        shifts.push(...list.getEntries().map((entry) => entry.toJSON().value));
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await read(page, '/');
    await page.evaluate(() =>
      Promise.all(document.getAnimations().map(({ finished }) => finished)),
    );
    const shifts = await page.evaluate<number[]>('shifts');
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.005);
  });
});

async function sizesOf(request: Request) {
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
