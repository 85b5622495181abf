import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Plugin } from '@oclif/core/config';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const committed = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'));

it('is what the commands declare; `pnpm --filter @spire/cli manifest` writes it anew', async () => {
  const plugin = new Plugin({
    root,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
  });
  await plugin.load();
  const declared = JSON.parse(JSON.stringify(plugin.manifest));
  expect(committed.commands).toEqual(declared.commands);
});

it.each(Object.keys(committed.commands))('%s has a summary, an example and --json', (id) => {
  const { summary, examples, enableJsonFlag } = committed.commands[id];
  expect(summary).toMatch(/^[a-z]/);
  expect(examples.length).toBeGreaterThan(0);
  expect(enableJsonFlag).toBe(true);
});
