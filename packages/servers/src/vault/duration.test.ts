import { expect, test } from 'vitest';
import { durationSeconds, goDuration, shortDuration } from './duration.ts';

test.each([
  [90, 90],
  ['90', 90],
  ['', 0],
  ['0s', 0],
  ['45s', 45],
  ['1h30m', 5400],
  ['1.5h', 5400],
  ['2d', 172_800],
  ['1500ms', 1],
  ['3h25m19s', 12_319],
])('%j is %j seconds', (given, seconds) => {
  expect(durationSeconds(given, 'ttl')).toBe(seconds);
});

test.each(['-1s', '1x', 'h', '1h 2', '1e3s', 'NaN'])('%j is no duration', (given) => {
  expect(() => durationSeconds(given, 'ttl')).toThrow(expect.objectContaining({ status: 400 }));
});

test.each([
  [0, '0s', '0s'],
  [45, '45s', '45s'],
  [180, '3m0s', '3m'],
  [3600, '1h0m0s', '1h'],
  [12_319, '3h25m19s', '3h25m19s'],
  [2_764_800, '768h0m0s', '768h'],
])('%j seconds are written %s and %s', (seconds, whole, short) => {
  expect([goDuration(seconds), shortDuration(seconds)]).toEqual([whole, short]);
});
