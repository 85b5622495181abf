import { expect, it } from 'vitest';
import { closest } from './closest.ts';

const COMMANDS = ['workflows list', 'workflows get', 'history list', 'local up'];

it.each([
  ['workflow list', 'workflows list'],
  ['workflows lst', 'workflows list'],
  ['hitsory list', 'history list'],
  ['local pu', 'local up'],
  ['local up', 'local up'],
  ['destroy everything', undefined],
  ['x', undefined],
  ['', undefined],
])('%j means %j', (typed, meant) => {
  expect(closest(typed, COMMANDS)).toBe(meant);
});
