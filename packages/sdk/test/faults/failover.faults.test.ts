import { expect, it } from 'vitest';
import * as faults from './failover.ts';
import { faultsOf } from './run-fault.ts';

const { both } = faultsOf('failover', faults);

it('28: the name of the writer leads to a replica for a second', async () => {
  const { spire, bare } = await both('replicaAnswers');
  expect(spire.codes).toHaveProperty('FAILOVER_IN_PROGRESS');
  // What was on its way is lost; what had no connection yet is told where that led.
  const told = ['CONNECTION_LOST', 'OUTCOME_UNKNOWN', 'CONNECTION_FAILED', 'FAILOVER_IN_PROGRESS'];
  expect(told).toEqual(expect.arrayContaining(Object.keys(spire.codes)));
  expect(spire.recoveryMillis).toBeLessThan(1000);
  expect(spire.facts.failedLater).toBe(0);
  // More may be there than was promised: of some nobody knows.
  expect(spire.facts.lost).toBeLessThanOrEqual(0);
  // It stays with the replica for as long as that answers.
  expect(bare.codes).toHaveProperty('25006');
  expect(bare.facts.failedLater).toBeGreaterThan(0);
});

it('28: the primary ends and its standby is promoted', async () => {
  const { spire, bare } = await both('promoted');
  // What was on its way is lost; what had no connection yet waits for one.
  expect(['CONNECTION_LOST', 'OUTCOME_UNKNOWN']).toEqual(
    expect.arrayContaining(Object.keys(spire.codes)),
  );
  expect(spire.failed).toBeLessThanOrEqual(10);
  expect(spire.recoveryMillis).toBeLessThan(2500);
  expect(spire.facts.lost).toBeLessThanOrEqual(0);
  expect(bare.failed).toBeGreaterThan(spire.failed);
});
