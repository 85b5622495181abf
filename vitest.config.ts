import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/docs/scripts/**/*.test.ts'],
    globalSetup: 'packages/cli/test/global-setup.ts',
    // Most tests wait for processes of their own, so that a worker leaves half a core idle.
    maxWorkers: Math.max(3, availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
