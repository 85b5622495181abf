import { expect, it } from 'vitest';
import * as faults from './connection-loss.ts';
import { faultsOf } from './run-fault.ts';

const { both } = faultsOf('connection-loss', faults);

it('1: an idle backend is terminated', async () => {
  const { spire, bare } = await both('idleTerminated');
  expect(spire).toMatchObject({ total: 1, failed: 0, facts: { removed: true } });
  expect(bare).toMatchObject({ total: 1, failed: 0, facts: { removed: true } });
});

it('2: a backend is terminated while it runs a query', async () => {
  const { spire, bare } = await both('terminatedDuringQuery');
  expect(spire).toMatchObject({
    total: 2,
    codes: { CONNECTION_LOST: 1 },
    facts: { sqlstate: '57P01' },
  });
  expect(bare).toMatchObject({ total: 2, codes: { '57P01': 1 } });
});

it('3: a backend is terminated while its client is held', async () => {
  const { spire, bare } = await both('heldTerminated');
  expect(spire).toMatchObject({
    total: 2,
    codes: { CONNECTION_LOST: 1 },
    facts: { rejected: true, destroyed: true },
  });
  // The process would have ended here, whatever the pool's listener does.
  expect(bare.uncaught.length).toBe(2);
});

it('4: all backends are terminated under load', async () => {
  const { spire, bare } = await both('allTerminated');
  for (const side of [spire, bare]) expect(side.facts.open).toBe(10);
  expect(spire.facts.failedLater).toBe(0);
  expect(spire.failed).toBeLessThanOrEqual(10);
  expect(Object.keys(spire.codes)).toEqual(['CONNECTION_LOST']);
  expect(spire.recoveryMillis).toBeLessThan(250);
});

it('5: a TCP reset while a query runs', async () => {
  const { spire, bare } = await both('reset');
  expect(spire).toMatchObject({ total: 2, codes: { CONNECTION_LOST: 1 } });
  expect(bare).toMatchObject({ total: 2, failed: 1 });
});
