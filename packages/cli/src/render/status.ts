import type { EnvironmentStatus } from '../services/inspect-environment.ts';
import { duration } from './duration.ts';
import { paint } from './paint.ts';
import { table } from './table.ts';

/** All environments on one screen, a line each, and below what is wrong. */
export function renderStatus(environments: readonly EnvironmentStatus[]): string {
  const color = paint(process.stdout);
  const rows = environments.map((one) => [
    `${one.selected ? '* ' : '  '}${one.name}`,
    one.reachable
      ? { text: 'reachable', color: color.green }
      : { text: 'not reached', color: color.red },
    one.host,
    one.role,
    one.tokenSecondsLeft === null ? null : duration(one.tokenSecondsLeft),
    one.version,
    one.pending,
    one.claimedAs ?? (one.reachable ? 'unclaimed' : null),
  ]);
  const grid = table(
    ['  environment', 'state', 'host', 'role', 'token', 'version', 'pending', 'claimed as'],
    rows,
  );
  const problems = environments.flatMap(({ name, problem }) =>
    problem ? [`${color.bold(name)}  ${problem.message}`] : [],
  );
  return [grid, ...(problems.length > 0 ? ['', ...problems] : [])].join('\n');
}
