import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Plugin } from '@oclif/core/config';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'oclif.manifest.json'), 'utf8');
const committed = JSON.parse(text);

it('is what the commands declare; `pnpm --filter @spire/cli manifest` writes it anew', async () => {
  const plugin = new Plugin({
    root,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
  });
  await plugin.load();
  const { commands, version } = JSON.parse(JSON.stringify(plugin.manifest));
  const sorted = Object.fromEntries(
    Object.entries(commands).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  // To the byte: in the same order everywhere, without anything of the machine it was made on.
  expect(text).toBe(`${JSON.stringify({ commands: sorted, version }, null, 2)}\n`);
});

it.each(Object.keys(committed.commands))('%s has a summary, an example and --json', (id) => {
  const { summary, examples, enableJsonFlag } = committed.commands[id];
  expect(summary).toMatch(/^[a-z]/);
  expect(examples.length).toBeGreaterThan(0);
  expect(enableJsonFlag).toBe(true);
});
