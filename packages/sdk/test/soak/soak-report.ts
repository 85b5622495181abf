import type { LedgerReport } from './ledger.ts';
import type { Account } from './messages.ts';

/** What a run has found. */
export interface SoakReport {
  readonly seconds: number;
  /** How often each fault struck, in their order. */
  readonly strikes: ReadonlyMap<string, number>;
  readonly account: Account;
  readonly exitCode: number | null;
  readonly ledger: LedgerReport;
  readonly canaries: number;
  /** The client's sessions in Postgres before it was closed, and when it had ended. */
  readonly sessions: readonly [before: number, after: number];
  /** Its connections to the proxy when it had ended. */
  readonly connections: number;
}

const MAX_CONNECTIONS = 10;
/** How much the heap may grow from the second fifth of a run to its last: noise, not a leak. */
const HEAP_MEBIBYTES = 3;

/** What isn't as Spire promises, in words; empty when all is well. */
export function brokenPromises(report: SoakReport): string[] {
  const { account, ledger } = report;
  const { growth } = heapOf(account);
  const [sessionsBefore, sessionsAfter] = report.sessions;
  const [socketsBefore, socketsAfter] = account.sockets;
  const none: [number, string][] = [
    [ledger.lost, 'transactions that were told committed are not in the table'],
    [ledger.revenants, 'transactions that were told failed are in the table'],
    [ledger.strangers, 'rows in the table of which nobody was told'],
    [account.unexplained.length, 'requests failed for which no fault can be blamed'],
    [account.uncaught, 'uncaught exceptions'],
    [account.unhandled, 'unhandled rejections'],
    [report.canaries, 'secrets or parameters in the output'],
    [account.atRest.active, 'connections in use when nothing ran any more'],
    [account.atRest.waiting, 'callers still waiting when nothing ran any more'],
    [Math.max(0, sessionsBefore - MAX_CONNECTIONS), 'sessions in Postgres over the limit'],
    [sessionsAfter, 'sessions in Postgres after the end'],
    [report.connections, 'connections to the proxy after the end'],
    [Math.max(0, socketsAfter - socketsBefore), 'sockets left open'],
    [account.resources.length, `resources left: ${account.resources.join(', ')}`],
  ];
  const broken = none.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (!account.drained) broken.push('the connector could not be drained');
  if (report.exitCode !== 0) broken.push(`the client ended with ${report.exitCode}`);
  if (growth > HEAP_MEBIBYTES) broken.push(`the heap grew by ${growth.toFixed(1)} MiB`);
  return broken;
}

/** The report as people read it. */
export function describe(report: SoakReport): string {
  const { account, ledger, strikes } = report;
  const { early, late, growth } = heapOf(account);
  const failed = Object.values(account.failures).reduce((sum, count) => sum + count, 0);
  const perSecond = (account.requests / report.seconds).toFixed(1);
  const table = (rows: readonly (readonly [string, string | number])[]) =>
    rows.map(([name, value]) => `  ${name.padEnd(56)} ${value}`).join('\n');
  const latencies = Object.entries(account.latencies).map(
    ([name, { count, p50, p99, max }]) =>
      [
        name === 'all' ? 'all that succeeded' : `${name}, while nothing was wrong`,
        `${count}: p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(0)} ms`,
      ] as const,
  );
  return `${account.requests} requests in ${report.seconds.toFixed(0)} s (${perSecond}/s), ${failed} failed (${((failed / account.requests) * 100).toFixed(2)} %)
Failures, by what was told:
${table(Object.entries(account.failures).sort())}
Faults: how often each struck, and how many requests failed by it:
${table([...strikes].map(([name, count]) => [name, `${count}x: ${account.failuresByFault[name] ?? 0}`]))}
Latencies:
${table(latencies)}
Transactions:
${table([
  ['told committed / of these lost', `${ledger.committed} / ${ledger.lost}`],
  ['told failed / of these in the table', `${ledger.failed} / ${ledger.revenants}`],
  ['told unknown / of these in the table', `${ledger.unknown} / ${ledger.unknownThere}`],
])}
Left behind:
${table([
  [
    'heap, second fifth and last (median)',
    `${early.toFixed(1)} and ${late.toFixed(1)} MiB (${growth.toFixed(1)}; at most ${HEAP_MEBIBYTES})`,
  ],
  ['connections made', account.connects],
  ['sessions in Postgres, before and after the end', report.sessions.join(', ')],
  ['sockets, before the beginning and after the end', account.sockets.join(', ')],
  ['uncaught exceptions, unhandled rejections', `${account.uncaught}, ${account.unhandled}`],
  ['secrets and parameters in the output', report.canaries],
])}`;
}

function heapOf({ heap }: Account) {
  const fifth = (index: number) =>
    median(heap.slice((heap.length * index) / 5, (heap.length * (index + 1)) / 5)) / 1024 ** 2;
  const [early, late] = [fifth(1), fifth(4)];
  return { early, late, growth: late - early };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
