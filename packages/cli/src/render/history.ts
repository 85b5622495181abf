import type { NamedRun } from '@spire/sdk';
import { paint } from './paint.ts';
import { type Cell, localTime, table } from './table.ts';

/** Runs, a line each. */
export function renderRuns(runs: readonly NamedRun[]): string {
  if (runs.length === 0) return 'No run fits.';
  const color = paint(process.stdout);
  const shown = (status: string): Cell => {
    if (status === 'pending' || status === 'running') return status;
    return { text: status, color: status === 'success' ? color.green : color.red };
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
