import { expect, it } from 'vitest';
import { faultsOf } from './run-fault.ts';
import * as faults from './vault.ts';

const { alone } = faultsOf('vault', faults);

it("16: the token of a service's login has ended", async () => {
  const spire = await alone('tokenEnds');
  expect(spire).toMatchObject({ failed: 0, facts: { logins: 1, answered: 1, changed: true } });
});

it("16: a policy takes a service's right away", async () => {
  const spire = await alone('policyDenies');
  expect(spire).toMatchObject({ failed: 0, facts: { code: 'VAULT_DENIED', logins: 0 } });
});

it('17: token and secret live 768 hours', async () => {
  const spire = await alone('longLife');
  expect(spire).toMatchObject({ failed: 0, facts: { after: 0, warnings: 0, inAMinute: 0 } });
});

it('18: Vault answers 429 with Retry-After: 2', async () => {
  const spire = await alone('rateLimited');
  expect(spire).toMatchObject({ failed: 0, facts: { code: 'none' } });
  expect(spire.facts.gap).toBeGreaterThanOrEqual(2000);
  expect(spire.total).toBeGreaterThan(100);
});

it('19: Vault answers 500 twice, then well', async () => {
  const spire = await alone('twoErrors');
  expect(spire).toMatchObject({ failed: 0, facts: { opened: true, hits: 3 } });
  const [first, second] = spire.facts.gaps as number[];
  // 100 and 200 ms, of which up to a half is left to chance.
  expect(first).toBeGreaterThanOrEqual(49);
  expect(second).toBeGreaterThanOrEqual(99);
});

it('20: Vault is sealed while the connector runs', async () => {
  const spire = await alone('sealedWarm');
  expect(spire).toMatchObject({
    failed: 0,
    facts: { code: 'VAULT_SEALED', state: 'degraded', healthy: true },
  });
});

it('20: Vault is sealed when the connector is opened', async () => {
  const spire = await alone('sealedCold');
  expect(spire).toMatchObject({ total: 1, codes: { VAULT_SEALED: 1 } });
  expect(spire.facts.millis).toBeLessThan(2000);
});

it('21: the first Vault of two is a standby', async () => {
  const spire = await alone('standbys');
  expect(spire).toMatchObject({ total: 4, failed: 0, facts: { answered: 1 } });
});

it("22: Vault doesn't answer", async () => {
  const spire = await alone('hangs');
  expect(spire).toMatchObject({ total: 1, codes: { VAULT_UNAVAILABLE: 1 } });
  expect(spire.facts.millis).toBeLessThan(7000);
});

it.each(['html', 'truncated'] as const)(
  '22: Vault answers with something else: %s',
  async (fault) => {
    const spire = await alone(fault);
    expect(spire).toMatchObject({ total: 1, codes: { VAULT_UNAVAILABLE: 1 } });
  },
);

it('23: Vault is down for ten minutes', async () => {
  const spire = await alone('downForLong');
  expect(spire).toMatchObject({ total: 60_000, failed: 0, facts: { stale: 1 } });
  // Token and secret, each after 10 s, 20 s, 40 s and so on, three times: at most seven times in this time.
  expect(spire.vaultRequests).toBeGreaterThanOrEqual(1);
  expect(spire.vaultRequests).toBeLessThanOrEqual(42);
});
