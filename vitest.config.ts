import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** Suites that not every change needs: each takes minutes, or needs tools besides Node. */
const SUITES = ['slow', 'faults', 'containers'];
const FAST = ['packages/*/{src,test}/**/*.test.ts', 'apps/docs/scripts/**/*.test.ts'];
const filesOf = (suite: string) => `packages/*/test/**/*.${suite}.test.ts`;

// `vitest run --mode slow` runs the files named `*.slow.test.ts` alone.
export default defineConfig(({ mode }) => ({
  test: {
    include: SUITES.includes(mode) ? [filesOf(mode)] : FAST,
    exclude: [...configDefaults.exclude, ...(SUITES.includes(mode) ? [] : SUITES.map(filesOf))],
    globalSetup: 'packages/cli/test/global-setup.ts',
    // Most tests wait for processes of their own, so that a worker leaves half a core idle.
    maxWorkers: Math.max(3, availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
}));
