import { expect, it } from 'vitest';
import { brokenPromises, describe as inWords, type SoakReport } from './soak-report.ts';

const account: SoakReport['account'] = {
  requests: 100,
  failures: { 'read CONNECTION_LOST': 2 },
  failuresByFault: { 'server restarted': 2 },
  unexplained: [],
  latencies: { all: { count: 98, p50: 1, p99: 2, max: 3 } },
  heap: Array.from({ length: 60 }, () => 20 * 1024 ** 2),
  connects: 12,
  atRest: { active: 0, waiting: 0 },
  drained: true,
  sockets: [3, 3],
  resources: [],
  uncaught: 0,
  unhandled: 0,
};
const ledger = {
  committed: 20,
  unknown: 1,
  failed: 1,
  lost: 0,
  revenants: 0,
  unknownThere: 1,
  strangers: 0,
};
const well: SoakReport = {
  seconds: 2,
  strikes: new Map([['server restarted', 1]]),
  account,
  exitCode: 0,
  ledger,
  canaries: 0,
  sessions: [10, 0],
  connections: 0,
};

it('finds nothing where all is well, and says what was', () => {
  expect(brokenPromises(well)).toEqual([]);
  expect(inWords(well)).toMatch(/^100 requests in 2 s \(50.0\/s\), 2 failed \(2.00 %\)/);
});

const growing = account.heap.map((bytes, index) => bytes + index * 100_000);

it.each<[string, Partial<SoakReport>]>([
  ['1 transactions that were told committed are not', { ledger: { ...ledger, lost: 1 } }],
  ['1 transactions that were told failed are', { ledger: { ...ledger, revenants: 1 } }],
  ['1 rows in the table of which nobody', { ledger: { ...ledger, strangers: 1 } }],
  ['1 requests failed for which no fault', { account: { ...account, unexplained: ['x'] } }],
  ['1 uncaught', { account: { ...account, uncaught: 1 } }],
  ['1 unhandled', { account: { ...account, unhandled: 1 } }],
  ['1 secrets', { canaries: 1 }],
  ['1 connections in use', { account: { ...account, atRest: { active: 1, waiting: 0 } } }],
  ['1 callers still waiting', { account: { ...account, atRest: { active: 0, waiting: 1 } } }],
  ['1 sessions in Postgres over', { sessions: [11, 0] }],
  ['1 sessions in Postgres after', { sessions: [10, 1] }],
  ['1 connections to the proxy', { connections: 1 }],
  ['1 sockets left', { account: { ...account, sockets: [3, 4] } }],
  ['1 resources left: Timeout', { account: { ...account, resources: ['Timeout'] } }],
  ['the connector could not be drained', { account: { ...account, drained: false } }],
  ['the client ended with null', { exitCode: null }],
  ['the heap grew by 3.4 MiB', { account: { ...account, heap: growing } }],
])('%s', (words, flaw) => {
  const broken = brokenPromises({ ...well, ...flaw });
  expect(broken).toHaveLength(1);
  expect(broken[0]).toContain(words);
});
