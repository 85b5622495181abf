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
      'a migration without a file, newer than all',
      [row(0), row(1), row(2), row(7)],
      3,
      0,
      [
        'a migration of 1970-01-01T00:00:08.000Z (hash-7) was applied by a newer version than this one',
      ],
    ],
    [
      'a migration without a file, between others',
      [row(0), { ...row(1, 'gone'), createdAt: 1500, tag: '0001_gone' }, row(1), row(2)],
      3,
      0,
      ['0001_gone was applied, and has no file here'],
    ],
    [
      'a file that was moved in the journal',
      [row(0), { ...row(1), createdAt: 1500 }],
      2,
      1,
      ['0001_x has another time in the journal than when it was applied'],
    ],
    [
      'a file that was moved and edited, known by its name',
      [row(0), { hash: 'other', createdAt: 1500, tag: '0001_x' }],
      2,
      1,
      ['0001_x was changed after it was applied'],
    ],
    [
      'two rows with one content',
      [row(0, 'same'), { ...row(1, 'same'), createdAt: 1500 }],
      1,
      2,
      [
        '0000_x was changed after it was applied',
        'a migration of 1970-01-01T00:00:01.500Z (same) was applied, and has no file here',
      ],
    ],
  ] as const)('%s', (_, ledger, applied, pending, problems) => {
    const plan = planMigrations(files, [...ledger]);
    expect([plan.applied.length, plan.pending.length]).toEqual([applied, pending]);
    expect(plan.problems.map(describeProblem)).toEqual(problems);
  });
});
