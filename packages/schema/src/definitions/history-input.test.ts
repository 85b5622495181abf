import { expect, test } from 'vitest';
import { explainDefinition } from './explain.ts';
import { historyInput } from './history-input.ts';

const run = {
  workflowId: '00000000-0000-4000-8000-000000000001',
  stage: 'scoring',
  argDate: '2026-01-31',
  status: 'success',
};

test('a run is read', () => {
  expect(historyInput.parse(run)).toStrictEqual(run);
  const executionDate = '2026-01-31T07:00:00+01:00';
  const more = { status: 'model_load_error', stats: { auc: [0.8] }, warnings: [], runId: 2 ** 50 };
  expect(historyInput.parse({ ...run, ...more, executionDate })).toStrictEqual({
    ...run,
    ...more,
    executionDate: new Date('2026-01-31T06:00:00Z'),
  });
});

test.each([
  [
    { argDate: '2026-02-30' },
    'argDate: expected a day of the calendar such as "2026-01-31", got "2026-02-30"',
  ],
  [
    { executionDate: '2026-01-31 06:00' },
    'executionDate: expected a moment with its zone such as "2026-01-31T06:00:00Z", got "2026-01-31 06:00"',
  ],
  [
    { status: 'SUCCESS' },
    'status: expected "pending", "running", "success" or "failed", or an error of scoring such as "model_load_error", got "SUCCESS"',
  ],
  [
    { stage: 'training', status: 'model_load_error' },
    'status: expected "pending", "running", "success" or "failed", got "model_load_error"',
  ],
  [{ runId: 2 ** 53 }, "runId: expected a run's id, a whole number, got 9007199254740992"],
  [{ workflowId: '1' }, 'workflowId: expected a UUID, got "1"'],
  [{ stats: () => 1 }, 'stats: expected JSON, got a function'],
  [
    { traceback: 'a\0' },
    'traceback: expected a text without the NUL character or half characters, got "a\\u0000"',
  ],
])('a run is refused: %j', (wrong, line) => {
  const { error } = historyInput.safeParse({ ...run, ...wrong });
  expect(error && explainDefinition(error)).toEqual([line]);
});
