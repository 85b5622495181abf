import { describeOrigin, type Selection } from '@spire/access';
import { asCalled } from '../called-as.ts';
import type { EnvironmentStatus } from '../services/inspect-environment.ts';
import { duration } from './duration.ts';
import { paint } from './paint.ts';
import { table } from './table.ts';

/** All environments on one screen, a line each, and below what is wrong. */
export function renderStatus(
  environments: readonly EnvironmentStatus[],
  selection: Selection | undefined,
): string {
  const color = paint(process.stdout);
  const rows = environments.map((one) => [
    `${one.selected ? '* ' : '  '}${one.name}`,
    stateText(one, color),
    one.host,
    one.role,
    tokenText(one),
    one.readable === null ? null : one.readable ? 'readable' : 'denied',
    versionText(one),
    one.pending,
    one.claimedAs ?? (one.reachable ? 'unclaimed' : null),
  ]);
  const columns = ['state', 'host', 'role', 'token', 'secret', 'version', 'pending', 'claimed as'];
  const grid = table(['  environment', ...columns], rows);
  const chosen = selection
    ? [color.dim(`* ${selection.name} is chosen by ${describeOrigin(selection.by)}`)]
    : [];
  const problems = environments.flatMap(({ name, problem }) =>
    problem
      ? [
          `${color.bold(name)}  ${problem.message}`,
          ...problem.suggestions
            .slice(0, 1)
            .map((text) => `  ${color.dim('->')} ${asCalled(text)}`),
        ]
      : [],
  );
  return [grid, ...chosen, ...(problems.length > 0 ? ['', ...problems] : [])].join('\n');
}

function stateText({ reachable, problem }: EnvironmentStatus, color: ReturnType<typeof paint>) {
  if (!reachable) return { text: 'not reached', color: color.red };
  return problem
    ? { text: 'outdated', color: color.red }
    : { text: 'reachable', color: color.green };
}

function versionText({ version, alembic }: EnvironmentStatus): string | null {
  return alembic ? `Alembic ${alembic.join(', ') || '-'}` : version;
}

function tokenText({ tokenFrom, tokenSecondsLeft, tokenRenewable }: EnvironmentStatus) {
  if (tokenRenewable === null) return tokenFrom === null ? null : 'unknown';
  if (tokenSecondsLeft === null) return 'endless';
  return `${duration(tokenSecondsLeft)}${tokenRenewable ? ', renewable' : ''}`;
}
