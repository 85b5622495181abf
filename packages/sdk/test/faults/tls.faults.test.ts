import { expect, it } from 'vitest';
import { faultsOf } from './run-fault.ts';
import * as faults from './tls.ts';

const { both } = faultsOf('tls', faults);

it.each(['wrongAuthority', 'wrongHost', 'expired'] as const)(
  '24: a certificate: %s',
  async (fault) => {
    const { spire, bare } = await both(fault);
    expect(spire).toMatchObject({
      total: 1,
      codes: { TLS_UNVERIFIED: 1 },
      facts: { answer: 'S', data: 0, plain: 0 },
    });
    // pg does as it is told; what it throws has another code each time.
    expect(bare).toMatchObject({ total: 1, failed: 1, facts: { data: 0, plain: 0 } });
  },
);

it('24: the server refuses TLS', async () => {
  const { spire, bare } = await both('refusesTls');
  for (const side of [spire, bare]) expect(side.facts).toEqual({ answer: 'N', data: 0, plain: 0 });
  expect(spire).toMatchObject({ total: 1, codes: { TLS_UNVERIFIED: 1 } });
});
