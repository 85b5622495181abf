import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** Every command in every situation, and a million rows: minutes that not every change needs. */
const SLOW = 'packages/*/test/**/*.slow.test.ts';
const FAST = ['packages/*/{src,test}/**/*.test.ts', 'apps/docs/scripts/**/*.test.ts'];

// `vitest run --mode slow` runs the slow ones alone.
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'slow' ? [SLOW] : FAST,
    exclude: [...configDefaults.exclude, ...(mode === 'slow' ? [] : [SLOW])],
    globalSetup: 'packages/cli/test/global-setup.ts',
    // Most tests wait for processes of their own, so that a worker leaves half a core idle.
    maxWorkers: Math.max(3, availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
}));
