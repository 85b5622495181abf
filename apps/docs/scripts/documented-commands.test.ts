import { expect, it } from 'vitest';
import { calledCommand, coverageProblems } from './documented-commands.ts';

const known = ['workflows list', 'workflows get', 'status'];

it.each([
  ['spire workflows list --json', 'workflows list'],
  ['npx -y pnpm@12 spire status', 'status'],
  ['pnpm spire workflows get x', 'workflows get'],
  ['cat a.yml | spire workflows get -', 'workflows get'],
  ['DEPLOYMENT_ENV="$(echo staging)" spire status', 'status'],
  ['spire nonsense now', 'nonsense'],
  ['ls', undefined],
])('%j runs %j', (line, command) => {
  expect(calledCommand(line, known)).toBe(command);
});

it('names a command without a page, and a page without a command', () => {
  expect(coverageProblems(['spire status', 'spire workflows get a', 'spire gone'], known)).toEqual([
    'no page runs `spire workflows list`',
    'a page runs `spire gone`, which is no command',
  ]);
});
