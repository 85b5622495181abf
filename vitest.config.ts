import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { LEFT_OUT } from './containers/left-out.ts';

/** Suites that not every change needs: each takes minutes, or needs tools besides Node. */
const SUITES = ['slow', 'faults', 'containers', 'pgadmin'];
/** How long a test of those may take that break things, or wait for a large program. */
const PATIENCE: Readonly<Record<string, number>> = {
  browser: 120_000,
  faults: 120_000,
  pgadmin: 300_000,
};
const FAST = ['packages/*/{src,test}/**/*.test.ts', 'apps/docs/scripts/**/*.test.ts'];
/** In containers, what speaks to the database is tested again, with another server. */
const AGAIN = 'packages/{migrate,schema,sdk}/test/**/*.integration.test.ts';
const filesOf = (suite: string) => `packages/*/test/**/*.${suite}.test.ts`;

// `vitest run --mode slow` runs the files named `*.slow.test.ts` alone.
function filesIn(mode: string) {
  if (mode === 'containers') {
    return {
      include: [filesOf(mode), AGAIN],
      exclude: Object.keys(LEFT_OUT),
      globalSetup: 'containers/global-setup.ts',
    };
  }
  if (mode === 'browser') {
    return {
      include: ['apps/docs/test/*.browser.test.ts'],
      exclude: [],
      globalSetup: 'apps/docs/test/global-setup.ts',
    };
  }
  const globalSetup = 'packages/cli/test/global-setup.ts';
  return SUITES.includes(mode)
    ? { include: [filesOf(mode)], exclude: [], globalSetup }
    : { include: FAST, exclude: SUITES.map(filesOf), globalSetup };
}

export default defineConfig(({ mode }) => {
  const { include, exclude, globalSetup } = filesIn(mode);
  return {
    test: {
      include,
      exclude: [...configDefaults.exclude, ...exclude],
      globalSetup,
      // Most tests wait for processes of their own, so that a worker leaves half a core idle.
      // Faults are timed, so that nobody else should want their core.
      maxWorkers: mode === 'faults' ? 2 : Math.max(3, availableParallelism()),
      // No test takes long by itself; a busy machine's may.
      testTimeout: PATIENCE[mode] ?? 60_000,
      hookTimeout: PATIENCE[mode] ?? 90_000,
      // Pages that are read at the same time, each in a process of Chromium's.
      maxConcurrency: mode === 'browser' ? 2 : 5,
      ...(mode === 'browser' ? { expect: { poll: { timeout: 15_000 } } } : {}),
    },
  };
});
