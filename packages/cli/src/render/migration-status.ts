import { asCalled } from '../called-as.ts';
import type { MigrationStatus } from '../services/migration-status.ts';
import { paint } from './paint.ts';
import { table } from './table.ts';

/** Environments side by side, a line each, and below what is wrong with them. */
export function renderMigrationStatus(statuses: readonly MigrationStatus[]): string {
  const color = paint(process.stdout);
  const rows = statuses.map((one) => [
    one.environment,
    stateText(one, color),
    one.version,
    one.problem ? null : one.applied.length,
    one.problem ? null : one.pending.length,
    one.claimedAs,
  ]);
  const grid = table(['environment', 'state', 'version', 'applied', 'pending', 'claimed as'], rows);
  const notes = statuses.flatMap((one) => [
    ...(one.alembic
      ? [
          `${color.bold(one.environment)}  Alembic made it (${one.alembic.join(', ') || 'no revision'}).`,
          `  ${color.dim('->')} ${asCalled(`Let Spire adopt it: spire migrate adopt -e ${one.environment} --dry-run`)}`,
        ]
      : []),
    ...one.problems.map((problem) => `${color.bold(one.environment)}  ${problem}`),
    ...(one.pending.length > 0 && !one.alembic
      ? [`${color.bold(one.environment)}  pending: ${one.pending.join(', ')}`]
      : []),
    ...(one.problem ? [`${color.bold(one.environment)}  ${one.problem.message}`] : []),
  ]);
  return [grid, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function stateText(one: MigrationStatus, color: ReturnType<typeof paint>) {
  if (one.problem) return { text: 'unknown', color: color.red };
  if (one.problems.length > 0) return { text: 'diverged', color: color.red };
  if (one.alembic) return { text: 'not adopted', color: color.yellow };
  if (one.pending.length > 0) return { text: 'pending', color: color.yellow };
  return { text: 'up to date', color: color.green };
}
