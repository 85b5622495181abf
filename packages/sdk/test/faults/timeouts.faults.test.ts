import { expect, it } from 'vitest';
import { faultsOf } from './run-fault.ts';
import * as timeouts from './timeouts.ts';

const { BUDGET_MILLIS, ...faults } = timeouts;
const { both } = faultsOf('timeouts', faults);

it('6: the network swallows everything during a query', async () => {
  const { spire, bare } = await both('blackholeDuringQuery');
  expect(spire).toMatchObject({
    total: 2,
    codes: { QUERY_TIMEOUT: 1 },
    facts: { connections: 1, reconnected: true },
  });
  expect(spire.facts.firstMillis).toBeGreaterThanOrEqual(BUDGET_MILLIS - 1);
  expect(spire.facts.firstMillis).toBeLessThanOrEqual(BUDGET_MILLIS + 50);
  expect(spire.recoveryMillis).toBeLessThan(100);
  // Without a limit of its own, pg waits for as long as the network does.
  expect(bare).toMatchObject({ codes: { hangs: 1 }, facts: { reconnected: false } });
});

it('7: a swallowed connection is released while another caller waits', async () => {
  const { spire, bare } = await both('blackholeThenRelease');
  expect(spire).toMatchObject({ total: 1, failed: 0, facts: { swallowed: 1 } });
  expect(spire.recoveryMillis).toBeLessThan(100);
  // The connection that is given up keeps its place in the pool.
  expect(bare).toMatchObject({
    total: 1,
    codes: { 'timeout exceeded when trying to connect': 1 },
  });
});
