import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { isInPractice, practicePaths } from './practice-paths.ts';

const home = mkdtempSync(join(tmpdir(), 'practice-paths-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('is below the config directory', () => {
  const { root, config } = practicePaths({ HOME: home });
  expect([root, config]).toEqual([
    join(home, '.spire', 'practice'),
    join(home, '.spire', 'practice', 'config'),
  ]);
});

it('is itself when its config directory is chosen, and not what only has its name', () => {
  const root = join(home, 'practice');
  const variables = { SPIRE_CONFIG_DIR: `${join(root, 'config')}/` };
  mkdirSync(root);
  expect(isInPractice(variables)).toBe(false);
  expect(practicePaths(variables).root).toBe(join(root, 'config', 'practice'));
  writeFileSync(practicePaths({ SPIRE_CONFIG_DIR: home }).marker, '');
  expect(isInPractice(variables)).toBe(true);
  expect(practicePaths(variables).root).toBe(root);
});
