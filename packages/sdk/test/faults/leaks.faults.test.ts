import { expect, it } from 'vitest';
import * as faults from './leaks.ts';
import { faultsOf } from './run-fault.ts';

const { alone, both } = faultsOf('leaks', faults);

it('29: everything is printed', async () => {
  const { spire, bare } = await both('printed');
  expect(spire.failed).toBeGreaterThanOrEqual(9);
  expect(spire.secretsSeen).toBe(0);
  expect(bare.secretsSeen).toBeGreaterThanOrEqual(3);
});

it('30: a thousand are opened and closed', async () => {
  const spire = await alone('openAndClose');
  expect(spire).toMatchObject({ total: 1000, failed: 0, facts: { opened: 1000 } });
  expect(spire.facts.grownBytes).toBeLessThan(2 * 1024 * 1024);
  expect(spire.facts.grownHandles).toBeLessThanOrEqual(1);
});
