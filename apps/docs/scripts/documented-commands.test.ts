import { expect, it } from 'vitest';
import { callIn, callProblems, commandsNeverRun } from './documented-commands.ts';
import type { ManifestCommand } from './manifest.ts';

const environment = { name: 'environment', char: 'e', type: 'option' } as const;
const command = (words: string): ManifestCommand => ({
  words,
  args: [],
  flags: [environment, { name: 'backup', allowNo: true, type: 'boolean' }],
  strict: true,
});
const known = ['workflows list', 'workflows get', 'status', 'env exec'].map(command);

it.each([
  ['spire workflows list --json', 'workflows list'],
  ['npx -y pnpm@12 spire status', 'status'],
  ['pnpm spire workflows get x', 'workflows get'],
  ['cat a.yml | spire workflows get -', 'workflows get'],
  ['DEPLOYMENT_ENV="$(echo staging)" spire status', 'status'],
  ['echo $(spire status)', 'status'],
  ['spire statuses', undefined],
])('%j runs %j', (line, words) => {
  expect(callIn(line, known)?.command).toBe(words);
});

it.each(['ls', 'spire --version', 'spire help status', 'spire workflows', 'spire workflows ...'])(
  '%j calls no command',
  (line) => {
    expect(callIn(line, known)).toBeUndefined();
  },
);

const page = `
Run \`spire status --nonsense\`, or \`spire workflows lst\`. Not \`spire.db\`.

\`\`\`sh
spire status --environment staging \\
  --no-backup --gone
spire env exec -e staging -- psql --command "spire x"
\`\`\`

\`\`\`console
$ spire status -x
spire prints --this
\`\`\`
`;

it('names commands and flags on a page that do not exist', () => {
  expect(callProblems(page, known).sort()).toEqual([
    '`spire status` has no flag --gone',
    '`spire status` has no flag --nonsense',
    '`spire status` has no flag -x',
    '`spire workflows lst` is no command',
  ]);
});

it('names a command that no page runs', () => {
  expect(commandsNeverRun(['spire status', 'spire workflows get a'], known)).toEqual([
    'no page runs `spire workflows list`',
    'no page runs `spire env exec`',
  ]);
});
