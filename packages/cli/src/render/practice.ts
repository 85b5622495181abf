import { asCalled } from '../called-as.ts';
import { quoted } from '../paste-line.ts';
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

/**
 * What to do next with the practice organisation.
 *
 * @param isChosen whether `SPIRE_CONFIG_DIR` is its own already.
 */
export function practiceSteps({ configDirectory }: PracticeState, isChosen: boolean): string {
  const choice = [
    '',
    'Work with it in this shell:',
    `  export SPIRE_CONFIG_DIR=${quoted(configDirectory)}`,
  ];
  return [
    ...(isChosen ? [] : choice),
    '',
    'Worth trying next:',
    ...['spire status', 'spire migrate status -e staging'].map((line) => `  ${asCalled(line)}`),
  ].join('\n');
}
