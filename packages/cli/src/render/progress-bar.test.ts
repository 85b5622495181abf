import { expect, it } from 'vitest';
import { progressBars } from './progress-bar.ts';

const large = { name: 'history', bytes: 38_900_000, expectedBytes: 5e8, expectedRows: 1_216_205 };
const small = {
  name: 'workflow_job_configs',
  bytes: 10_400,
  expectedBytes: 24_000,
  expectedRows: -1,
};
const tables = [
  { ...large, seconds: 6 },
  { ...small, seconds: 0.1 },
];

it('is aligned, and says how much of what has come', () => {
  expect(progressBars(tables, 100)).toEqual([
    '  history              [==                  ]  8 % of ~1,216,205 rows, 38.9 MB, 1 min left',
    '  workflow_job_configs [=========           ] 43 %, 10.4 kB',
  ]);
});

it.each([20, 40, 60, 80, 200])('is no longer than a terminal of %d columns', (columns) => {
  for (const line of progressBars(tables, columns)) expect(line.length).toBeLessThan(columns);
});

it('leaves away what a narrow terminal has no room for', () => {
  expect(progressBars(tables, 40)).toEqual([
    '  history      8 %, 38.9 MB, 1 min left',
    '  workflow_j… [====     ] 43 %, 10.4 kB',
  ]);
});
