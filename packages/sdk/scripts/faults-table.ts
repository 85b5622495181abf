import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Report } from '../test/faults/report.ts';
import { faultsPage } from './faults-page.ts';

// Writes docs/reference/faults.md: `--runs 10` runs `pnpm test:faults` so often and takes what was measured;
// `--from FILE` takes what earlier runs have written.

const root = join(import.meta.dirname, '..', '..', '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10' }, from: { type: 'string' } },
});

/** Runs the suite, and says what came of it. @returns the file with the reports of all runs. */
function measure(directory: string, runs: number): string {
  const file = join(directory, 'results.jsonl');
  for (let run = 1; run <= runs; run += 1) {
    const { status } = spawnSync(process.execPath, [vitest, 'run', '--mode', 'faults'], {
      cwd: root,
      env: { ...process.env, SPIRE_FAULTS_RESULTS: file },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    console.log(`run ${run} of ${runs}: ${status === 0 ? 'passed' : `failed (${status})`}`);
    // What doesn't do as it should is not to be published.
    if (status !== 0) process.exitCode = 1;
  }
  return file;
}

const directory = mkdtempSync(join(tmpdir(), 'faults-table-'));
try {
  const file = values.from ?? measure(directory, Number(values.runs));
  const reports = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Report & { at: string });
  const page = faultsPage(reports, `${availableParallelism()} vCPU, Node ${process.versions.node}`);
  if (!process.exitCode) writeFileSync(join(root, 'docs', 'reference', 'faults.md'), page);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
