import type { NamedRun } from '@spire/sdk';
import { paint } from './paint.ts';
import { localTime, table } from './table.ts';

/** Runs, a line each. */
export function renderRuns(runs: readonly NamedRun[]): string {
  if (runs.length === 0) return 'No run fits.';
  const color = paint(process.stdout);
  const shown = (status: string) => {
    if (status === 'success') return color.green(status);
    return status === 'pending' || status === 'running' ? status : color.red(status);
  };
  return table(
    ['workflow', 'stage', 'date', 'status', 'began', 'error'],
    runs.map((run) => [
      run.workflowName,
      run.stage,
      run.argDate,
      shown(run.status),
      localTime(run.executionDate),
      run.error?.split('\n')[0],
    ]),
  );
}
