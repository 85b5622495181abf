import { expect, it } from 'vitest';
import * as pool from './pool.ts';
import { faultsOf } from './run-fault.ts';

const { WAIT_MILLIS, ...faults } = pool;
const { alone, both } = faultsOf('pool', faults);

it('25: all connections are in use', async () => {
  const { spire, bare } = await both('exhausted');
  expect(spire).toMatchObject({ total: 2, codes: { ACQUIRE_TIMEOUT: 1 } });
  expect(spire.facts.millis).toBeGreaterThanOrEqual(WAIT_MILLIS - 50);
  expect(spire.facts.millis).toBeLessThanOrEqual(WAIT_MILLIS + 50);
  expect(spire.facts.message).toMatch(/2 of 2/);
  // The same words as for a server that doesn't answer, and no code.
  expect(bare.codes).toEqual({ 'timeout exceeded when trying to connect': 1 });
});

it('25: more callers wait than may', async () => {
  const spire = await alone('tooManyWait');
  expect(spire).toMatchObject({ total: 2, codes: { ACQUIRE_TIMEOUT: 1 } });
  expect(spire.facts.millis).toBeLessThan(50);
});

it('26: SIGTERM, while 20 run and 20 wait', async () => {
  const { spire, bare } = await both('sigterm');
  expect(spire.facts).toMatchObject({
    finished: 20,
    told: ['CONNECTOR_CLOSED'],
    left: 0,
    report: { drained: true, destroyed: 0 },
  });
  expect(spire.facts.millis).toBeLessThan(4000);
  expect(bare.facts).toMatchObject({ finished: 20, told: ['hangs'] });
});
