import type { Credentials } from '@spire/access';
import { expect, it } from 'vitest';
import { CredentialGate } from './credential-gate.ts';

function openGate() {
  const get = async () => ({ version: '1' });
  return new CredentialGate({ get } as unknown as Credentials, 'staging');
}

/** How many of ten callers at once are given the credential before anybody knows what became of it. */
async function enteringAtOnce(gate: CredentialGate): Promise<number> {
  let entered = 0;
  for (let caller = 0; caller < 10; caller += 1) gate.enter().then(() => (entered += 1));
  await new Promise((resolve) => setImmediate(resolve));
  return entered;
}

it('lets all in at once with a credential that a living connection vouches for', async () => {
  const gate = openGate();
  expect(await enteringAtOnce(gate)).toBe(1);
  gate.accepted('1');
  gate.accepted('1');
  expect(await enteringAtOnce(gate)).toBe(10);
  gate.left('1');
  expect(await enteringAtOnce(gate)).toBe(10);
  gate.left('1');
  expect(await enteringAtOnce(gate)).toBe(1);
});

it('tries a credential by one alone after a connection was lost, though others seem to live', async () => {
  const gate = openGate();
  for (let connection = 0; connection < 3; connection += 1) gate.accepted('1');
  gate.lost('1');
  expect(await enteringAtOnce(gate)).toBe(1);
});
