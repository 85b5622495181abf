import { expect, it } from 'vitest';
import { faultsOf } from './run-fault.ts';
import * as faults from './transactions.ts';

const { both } = faultsOf('transactions', faults);

it.each([
  ['before it arrives', 'commitNeverArrives', false],
  ['before its answer arrives', 'commitReplyLost', true],
] as const)('8: the connection breaks at COMMIT, %s', async (_, fault, happened) => {
  const { spire, bare } = await both(fault);
  expect(spire).toMatchObject({
    total: 2,
    codes: { OUTCOME_UNKNOWN: 1 },
    facts: { calls: 1, happened },
  });
  // Nothing says that it may have happened.
  expect(bare).toMatchObject({ total: 2, failed: 1, facts: { happened } });
  expect(bare.codes).not.toHaveProperty('OUTCOME_UNKNOWN');
});

it('9: BEGIN fails again and again', async () => {
  const { spire, bare } = await both('beginFails');
  expect(spire).toMatchObject({
    total: 51,
    codes: { CONNECTION_LOST: 50 },
    facts: { last: true },
  });
  // The first one took the only connection along, for ever.
  expect(bare).toMatchObject({ leakedSlots: 1, facts: { last: false } });
});

it('10: ROLLBACK fails', async () => {
  const { spire, bare } = await both('rollbackFails');
  expect(spire).toMatchObject({
    total: 2,
    codes: { 'the original': 1 },
    facts: { original: true, destroyed: true },
  });
  expect(bare.facts.original).toBe(false);
});

it('11: a hundred violations of a unique key', async () => {
  const { spire, bare } = await both('violations');
  expect(spire).toMatchObject({
    codes: { CONSTRAINT_VIOLATED: 100 },
    facts: { samePid: true, connects: 0 },
  });
  expect(bare).toMatchObject({ codes: { 23505: 100 }, facts: { samePid: false } });
  expect(bare.facts.connects).toBeGreaterThanOrEqual(99);
  expect(bare.secretsSeen).toBeGreaterThanOrEqual(100);
});

it('27: twenty serializable writers', async () => {
  const { spire, bare } = await both('serialization');
  expect(spire).toMatchObject({ total: 20, failed: 0, facts: { sum: 20 } });
  expect(spire.facts.most).toBeLessThanOrEqual(5);
  expect(bare.failed).toBeGreaterThan(0);
});

it('27: twenty writers in opposite orders', async () => {
  const { spire, bare } = await both('deadlocks');
  expect(spire).toMatchObject({ total: 20, failed: 0, facts: { sum: 40 } });
  expect(spire.facts.most).toBeLessThanOrEqual(5);
  expect(bare.failed).toBeGreaterThan(0);
});
