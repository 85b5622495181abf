import { expect, it } from 'vitest';
import { scrub } from './scrub.ts';

it.each([
  ['Done in 1.6 s.', 'Done in <time>.'],
  ['(340 ms)', '(<time>)'],
  ['2026-11-23 08:52', '<date>'],
  ['"2026-11-23T08:52:00.123Z"', '"<date>"'],
  ['id  9c31a8cd-64c3-43f4-b211-e26e08ea5730', 'id <id>'],
  ['Postgres on port 34413', 'Postgres on port <port>'],
  ['Vault  running  36563  9180', 'Vault running <port> <pid>'],
  ['Error: Port 45783 on 127.0.0.1 is in use.', 'Error: Port <port> on 127.0.0.1 is in use.'],
  ['(version 2) user a, localhost:39379', '(version <number>) user a, localhost:<port>'],
  ['pg  103 of 295 failed', 'pg <some> of <all> failed'],
  ['Spire  0 of 295 failed', 'Spire none of <all> failed'],
  ['spire_adobe_1001  1001  enabled', 'spire_adobe_1001 1001 enabled'],
])('%j reads as %j', (output, scrubbed) => {
  expect(scrub(output)).toBe(scrubbed);
});

it('puts what arrives in any order in one', () => {
  const [one, other] = ['\u2713 tags (1 row, 21 B)', '\u2713 history (1,200 rows, 2.6 MB)'];
  const rest = '\u2713 indexes and keys';
  expect(scrub([one, other, rest].join('\n'))).toBe(scrub([other, one, rest].join('\n')));
  expect(scrub([one, rest].join('\n'))).not.toBe(scrub([rest, one].join('\n')));
});
