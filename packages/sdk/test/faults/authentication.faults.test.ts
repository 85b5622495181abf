import { expect, it } from 'vitest';
import * as faults from './authentication.ts';
import { faultsOf } from './run-fault.ts';

const { both } = faultsOf('authentication', faults);

it('12: the password is rotated and all connections are killed', async () => {
  const { spire, bare } = await both('rotated');
  expect(spire).toMatchObject({ total: 200, failed: 0, facts: { reads: 1 } });
  expect(bare).toMatchObject({ total: 200, failed: 200 });
});

it('13: Vault has the new password two seconds later', async () => {
  const { spire, bare } = await both('vaultLags');
  expect(spire).toMatchObject({ total: 21, failed: 0 });
  expect(spire.facts.reads).toBeLessThanOrEqual(4);
  expect(bare).toMatchObject({ total: 21, failed: 21 });
});

it('14: the password in Vault is wrong and stays so', async () => {
  const { spire, bare } = await both('wrongForGood');
  expect(spire).toMatchObject({ total: 40, codes: { AUTHENTICATION_FAILED: 40 } });
  const { first, second } = spire.facts as Record<string, { connects: number; reads: number }>;
  expect(first?.connects).toBeLessThanOrEqual(2);
  // It cools down.
  expect(second?.connects).toBeLessThanOrEqual(1);
  expect(second?.reads).toBeLessThanOrEqual(1);
  expect(bare.facts).toMatchObject({ first: { connects: 20 }, second: { connects: 20 } });
});

it("15: a dynamic user's lease reaches its longest life under load", async () => {
  const { spire, bare } = await both('leaseEnds');
  expect(spire).toMatchObject({ failed: 0, facts: { outlived: 0 } });
  expect(spire.facts.users).toBeGreaterThanOrEqual(2);
  expect(bare.failed).toBeGreaterThan(0);
  expect(bare.facts.users).toBe(1);
});
