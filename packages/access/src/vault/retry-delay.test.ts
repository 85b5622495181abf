import { expect, it } from 'vitest';
import { Refusal } from './refusal.ts';
import { retryDelay } from './retry-delay.ts';
import { NoAnswer } from './transport.ts';

it.each([
  ['a quota that names its time', new Refusal(429, [], 2), 1, 2100],
  ['one that names none', new Refusal(429, []), 1, 75],
  ['one that is too long to wait for', new Refusal(429, [], 6), 1, undefined],
  ['a fault', new Refusal(500, []), 1, 75],
  ['the same again', new Refusal(500, []), 2, 150],
  ['and again, and again', new Refusal(502), 9, 1500],
  ['a standby', new Refusal(472, []), 1, undefined],
  ['one that was never initialized', new Refusal(501, []), 1, undefined],
  ['one that is sealed', new Refusal(503, ['Vault is sealed']), 1, undefined],
  ['a gateway', new Refusal(503), 1, 75],
  ['a no', new Refusal(403, ['permission denied']), 1, undefined],
  ['nothing there', new Refusal(404, []), 1, undefined],
  ['a broken connection', new NoAnswer('ECONNRESET'), 1, 75],
  ['half an answer', new NoAnswer('its answer breaks off'), 1, 75],
  ['nobody who listens', new NoAnswer('ECONNREFUSED'), 1, undefined],
  ['silence', new NoAnswer('none within 5000 ms'), 1, undefined],
])('%s', (_, failure, attempt, delay) => {
  expect(retryDelay(failure, attempt, 0.5)).toBe(delay);
});
