import { expect, it } from 'vitest';
import { isConnectionLoss } from './run-file.ts';

it.each([
  ['EPIPE', true],
  ['ECONNRESET', true],
  [undefined, true],
  ['08006', true],
  ['57P01', true],
  ['57014', false],
  ['53100', false],
  ['P0001', false],
  ['XX000', false],
])('an error of code %s is a lost connection: %s', (code, lost) => {
  expect(isConnectionLoss(Object.assign(new Error('why'), { code }))).toBe(lost);
});
