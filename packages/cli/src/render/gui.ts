import type { ClientConnection } from '@spire/access';
import type { LeftOut } from '../services/gui-environments.ts';
import { reportOf } from './error.ts';
import { table } from './table.ts';

/** What another program is told of: a line for each environment. */
export function renderConnections(
  heading: string,
  rows: readonly (Pick<ClientConnection, 'host' | 'database' | 'user' | 'readOnly'> & {
    readonly name: string;
  })[],
): string {
  return table(
    [heading, 'host', 'database', 'user', 'session'],
    rows.map(({ name, host, database, user, readOnly }) => [
      name,
      host,
      database,
      user,
      readOnly ? 'read-only' : 'as its user may',
    ]),
  );
}

/** Environments that were left out, with the reason, and the first thing to do about it. */
export function renderLeftOut(leftOut: readonly LeftOut[]): string {
  const unknown = leftOut.filter(({ configured }) => !configured);
  const names = unknown.map(({ environment }) => environment).join(', ');
  const others = leftOut
    .filter(({ configured }) => configured)
    .map(({ environment, error }) => {
      const { message, suggestions } = reportOf(error);
      return [`Left out: ${environment}. ${message}`, ...suggestions.slice(0, 1)].join('\n  -> ');
    });
  return [...others, ...(names ? [`Left out, since it isn't configured: ${names}.`] : [])].join(
    '\n',
  );
}

/** The same for `--json`. */
export function leftOutReports(leftOut: readonly LeftOut[]) {
  return leftOut.map(({ environment, error }) => ({ environment, ...reportOf(error) }));
}
