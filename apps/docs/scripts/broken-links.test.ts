import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { brokenLinks } from './broken-links.ts';

const folder = mkdtempSync(join(tmpdir(), 'spire-links-'));
writeFileSync(join(folder, 'other.md'), '# Other\n\n## A part\n');
afterAll(() => rmSync(folder, { recursive: true }));

it('names links to pages and headings that are not there', () => {
  const page = [
    '# Here',
    '[a](other.md) [b](other.md#a-part) [c](#here) [d](https://example.com/#x)',
    '[e](gone.md) [f](other.md#gone) [g](#gone)',
  ].join('\n');
  expect(brokenLinks(join(folder, 'page.md'), page)).toEqual(['gone.md', 'other.md#gone', '#gone']);
});
