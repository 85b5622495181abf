import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/docs/scripts/**/*.test.ts'],
    globalSetup: 'packages/cli/test/global-setup.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
