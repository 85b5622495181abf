import type { MigrationFile } from '@spire/schema';
import { describe, expect, it } from 'vitest';
import { describeProblem, planMigrations } from './plan-migrations.ts';

const file = (index: number): MigrationFile => ({
  tag: `000${index}_x`,
  index,
  createdAt: 1000 * (index + 1),
  sql: '',
  hash: `hash-${index}`,
  statements: [],
  transactional: true,
});
const files = [file(0), file(1), file(2)];
const row = (index: number, hash = `hash-${index}`) => ({ hash, createdAt: 1000 * (index + 1) });

describe('planMigrations', () => {
  it.each([
    ['nothing applied', [], 0, 3, []],
    ['some applied', [row(0), row(1)], 2, 1, []],
    ['all applied', [row(0), row(1), row(2)], 3, 0, []],
    ['an edited file', [row(0, 'other')], 1, 2, ['0000_x was changed after it was applied']],
    [
      'a file that was passed over',
      [row(0), row(2)],
      2,
      1,
      ['0001_x is older than the newest applied migration, and was never applied'],
    ],
    [
      'a migration without a file',
      [row(0), row(1), row(2), row(7)],
      3,
      0,
      ['a migration of 1970-01-01T00:00:08.000Z was applied that has no file here'],
    ],
  ] as const)('%s', (_, ledger, applied, pending, problems) => {
    const plan = planMigrations(files, [...ledger]);
    expect([plan.applied.length, plan.pending.length]).toEqual([applied, pending]);
    expect(plan.problems.map(describeProblem)).toEqual(problems);
  });
});
