import type { ResolvedEnvironment } from '@spire/access';
import { expect, it } from 'vitest';
import { confirmWrite } from './confirmation.ts';

const environment = (name: string, isProtected: boolean): ResolvedEnvironment => ({
  name,
  protected: isProtected,
  selectedBy: { kind: 'default' },
  contacts: [],
  values: {},
  notices: [],
});
const local = environment('local', false);
const staging = environment('staging', false);
const vital = environment('vital', true);

const passes = (target: ResolvedEnvironment, destroys: boolean, given?: string) =>
  confirmWrite(target, {
    does: destroys ? 'removes data from' : 'writes to',
    given,
    interactive: false,
    argv: ['x'],
  }).then(
    () => true,
    (error: { code: string }) => error.code,
  );

it.each([
  [local, false, undefined, true],
  [local, true, undefined, true],
  [staging, false, undefined, true],
  [staging, true, undefined, 'CONFIRMATION_REFUSED'],
  [staging, true, 'staging', true],
  [vital, false, undefined, 'CONFIRMATION_REFUSED'],
  [vital, true, 'staging', 'CONFIRMATION_REFUSED'],
  [vital, true, 'VITAL', 'CONFIRMATION_REFUSED'],
  [vital, true, '', 'CONFIRMATION_REFUSED'],
  [vital, true, 'vital', true],
  // Who names another environment meant another one, whether or not this one asks.
  [local, false, 'vital', 'CONFIRMATION_REFUSED'],
])('%o, destroying %s, --confirm %s: %s', async (target, destroys, given, outcome) => {
  expect(await passes(target, destroys, given)).toBe(outcome);
});
