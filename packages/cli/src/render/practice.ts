import type { PracticeState } from '../services/practice/practice-organisation.ts';
import { renderServers } from './servers.ts';
import { table } from './table.ts';

/** The practice organisation: its servers, and its environments with their users. */
export function renderPractice(state: PracticeState): string {
  const environments = table(
    ['environment', 'database', 'reads as', 'writes as'],
    state.environments.map(({ name, database, readsAs, writesAs }) => [
      name,
      database,
      readsAs,
      writesAs,
    ]),
  );
  return `${renderServers(state)}\n\n${environments}`;
}
