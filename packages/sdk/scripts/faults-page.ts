import type { Report } from '../test/faults/report.ts';
import type { Side } from '../test/faults/subject.ts';

type Dated = Report & { readonly at: string };

const HEADER = `| # | what happens | side | failed of all | told | told after | well again after | Vault requests | uncaught | slots lost | secrets seen |
|---|---|---|---|---|---|---|---|---|---|---|`;

/**
 * The page about faults, from the reports of some runs.
 *
 * @param machine what they ran on, in a few words.
 */
export function faultsPage(reports: readonly Dated[], machine: string): string {
  const faults = [...Map.groupBy(reports, ({ row, title }) => `${row} ${title}`).values()].sort(
    ([a], [b]) => (a?.row ?? 0) - (b?.row ?? 0),
  );
  const runs = Math.max(
    ...faults.map((runs) => runs.filter(({ side }) => side === 'spire').length),
  );
  const day = reports
    .map(({ at }) => at.slice(0, 10))
    .sort()
    .at(-1);
  return `# Faults

What a service sees when the network, Postgres or Vault fail under it: with Spire's connector, and with \`pg\`'s
pool and Drizzle as their manuals say, a listener for the pool's errors and a limit for getting a connection
included. Both go through the same fault, each in a process of its own, with a real Postgres, a real standby, a
Vault-compatible server and, where it is installed, PgBouncer.

${headlineOf(faults)}

How to read it:

- **failed of all**: what the callers asked for from the fault on, in all runs. A query that was on its way when
  its connection broke has to fail: nobody knows whether it happened.
- **told**: the codes that callers saw most; words, where an error has no code. *hangs*: no answer while the
  test waited.
- **told after**: from the fault to the first caller who heard of it. *hangs*: nobody did.
- **well again after**: from the fault, or from its end where the network had to come back first, to the first
  success after the last failure. *never*: not while the test waited.
- Times are p50 / p99 in milliseconds; of few runs, p99 is the slowest.
- **uncaught**: exceptions that nobody could catch, in one run. Each ends the process.
- **slots lost**: connections that the pool counts and nobody gets any more, in one run.
- **secrets seen**: errors and printed texts that hold a password, a token or a parameter, in one run.
- **–**: has no meaning there. \`pg\` knows no Vault: it has the password of the beginning.

Measured on ${day} in ${runs} runs (${machine}, PostgreSQL 18 on the same machine). \`pnpm test:faults\` runs
everything once and fails where Spire doesn't do what is promised;
\`node packages/sdk/scripts/faults-table.ts\` writes this page.

${HEADER}
${faults.flatMap((runs) => linesOf(runs)).join('\n')}
`;
}

/** What it comes to. */
function headlineOf(faults: readonly (readonly Dated[])[]): string {
  const compared = faults.filter((runs) => runs.some(({ side }) => side === 'bare'));
  const count = (side: Side, holds: (run: Dated) => boolean) =>
    compared.filter((runs) => runs.some((run) => run.side === side && holds(run))).length;
  const lines = (
    [
      ['end the process', ({ uncaught, unhandled }) => uncaught.length + unhandled.length > 0],
      [
        'leave a caller without an answer',
        ({ codes, closed }) => codes.hangs !== undefined || !closed,
      ],
      ['cost a place in the pool for good', ({ leakedSlots }) => leakedSlots > 0],
      ['show a secret or a parameter', ({ secretsSeen }) => secretsSeen > 0],
    ] satisfies [string, (run: Dated) => boolean][]
  ).map(([what, holds]) => `| ${what} | ${count('bare', holds)} | ${count('spire', holds)} |`);
  return `Of ${compared.length} faults that both can have, so many

| | bare | Spire |
|---|---|---|
${lines.join('\n')}`;
}

function linesOf(runs: readonly Dated[]): string[] {
  return (['spire', 'bare'] as const).map((side) => {
    const own = runs.filter((run) => run.side === side);
    const [first] = runs;
    const isSpire = side === 'spire';
    const cells = [
      isSpire ? String(first?.row) : '',
      isSpire ? (first?.title ?? '') : '',
      isSpire ? 'Spire' : 'bare',
      ...(own.length > 0 ? figuresOf(own, isSpire) : Array<string>(8).fill('–')),
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function figuresOf(runs: readonly Dated[], isSpire: boolean): string[] {
  const sum = (one: (run: Dated) => number) => runs.reduce((total, run) => total + one(run), 0);
  const most = (one: (run: Dated) => number) => String(Math.max(...runs.map(one)));
  const hangs = runs.some(({ codes }) => codes.hangs);
  const stays = runs.some(({ failed, lasts }) => failed > 0 && !lasts);
  return [
    `${sum(({ failed }) => failed)} of ${sum(({ total }) => total)}`,
    wordsOf(runs),
    timesOf(runs, ({ detectionMillis }) => detectionMillis) ?? (hangs ? 'hangs' : '–'),
    timesOf(runs, ({ recoveryMillis }) => recoveryMillis) ?? (stays ? 'never' : '–'),
    isSpire ? most(({ vaultRequests }) => vaultRequests) : '–',
    most(({ uncaught }) => uncaught.length),
    most(({ leakedSlots }) => leakedSlots),
    most(({ secretsSeen }) => secretsSeen),
  ];
}

/** The two codes that came most often. */
function wordsOf(runs: readonly Dated[]): string {
  const counts = new Map<string, number>();
  for (const [code, count] of runs.flatMap(({ codes }) => Object.entries(codes))) {
    counts.set(code, (counts.get(code) ?? 0) + count);
  }
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 2);
  return most.map(([code]) => (/^\w+$/.test(code) ? `\`${code}\`` : code)).join(', ') || '–';
}

/** p50 and p99; undefined where it never came. */
function timesOf(
  runs: readonly Dated[],
  one: (run: Dated) => number | undefined,
): string | undefined {
  const times = runs.flatMap((run) => one(run) ?? []).sort((a, b) => a - b);
  if (times.length === 0) return undefined;
  const at = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  const some = times.length < runs.length ? ` (${times.length} of ${runs.length})` : '';
  return `${at(0.5)} / ${at(0.99)}${some}`;
}
