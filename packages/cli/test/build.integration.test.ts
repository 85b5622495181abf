import { expect, it } from 'vitest';
import { Home } from './spire-process.ts';

it.each([
  [['--version'], /^@spire\/cli\/\d/],
  [['help', 'workflows', 'get'], /EXAMPLES/],
  [['autocomplete', 'script', 'bash'], /SPIRE_AC_BASH_SETUP_PATH/],
  [['env', 'show', '-e', 'development'], /spiredevusr/],
])('%j runs from the build', async (args, expected) => {
  const home = new Home();
  const { exitCode, stdout } = await home.spire(args);
  expect(stdout).toMatch(expected);
  expect(exitCode).toBe(0);
  await home.end();
});
