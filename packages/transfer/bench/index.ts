import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '@spire/servers';
import { bundle } from './bundle.ts';
import {
  countRuns,
  EMPTY,
  makeDatabase,
  renewTarget,
  sizeOf,
  TARGET,
  versionOf,
} from './databases.ts';
import { type Contender, measure } from './measure.ts';
import { dumpAndRestore, dumpingPostgres, hasPgcopydb, pgcopydb } from './postgres-tools.ts';

// A refresh beside the other ways of moving a whole database to another one on the same server.

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '2' },
  },
});
const [megabytes = 0, rounds = 0, jobs = 0] = [values.megabytes, values.rounds, values.jobs].map(
  Number,
);
if (![megabytes, rounds, jobs].every((value) => value > 0)) {
  throw new TypeError('--megabytes, --rounds and --jobs are numbers above 0.');
}
const MEMORY_GOAL = 200e6;

// pg_dump dumps a server of its own version.
const binaries = dumpingPostgres();
const server = await startPostgres({
  lifetime: 'parent',
  settings: { max_wal_size: '4GB' },
  ...(binaries && { binaries }),
});
const folder = mkdtempSync(join(tmpdir(), 'spire-bench-'));
const program = await bundle(folder);
try {
  await makeDatabase(server, EMPTY, 'development');
  await makeDatabase(server, 'source', 'staging', megabytes);
  await makeDatabase(server, 'quarter', 'staging', megabytes / 4);
  await compare();
  await measureMemory();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const runs = await countRuns(server, 'source');
  const size = megabytesText(await sizeOf(server, 'source'));
  console.log(
    `A database of ${size} with ${runs.toLocaleString('en')} runs, ${await versionOf(server)}, ${jobs} jobs each, the median of ${rounds} rounds:`,
  );
  const contenders = contendersFor(runs);
  const medians = await measure(contenders, rounds);
  const [masked = 0, plain = 0] = medians;
  console.log(' seconds  over masked  over plain');
  for (const [index, { name, goal }] of contenders.entries()) {
    const seconds = medians[index] ?? 0;
    const [overMasked, overPlain] = [seconds / masked, seconds / plain];
    const wanted = goal ? `  ${goalText(`${goal}x`, overMasked >= goal)}` : '';
    console.log(
      `${seconds.toFixed(1).padStart(8)}  ${overMasked.toFixed(2).padStart(10)}x  ${overPlain.toFixed(2).padStart(9)}x  ${name}${wanted}`,
    );
  }
  const speed = plain / masked;
  console.log(`Masks leave ${speed.toFixed(2)} of the speed  ${goalText('0.8', speed >= 0.8)}`);
  if (!binaries) {
    console.log('NOT MEASURED: pg_dump and pgcopydb. No /usr/lib/postgresql/*/bin has pg_dump.');
  } else if (!hasPgcopydb()) console.log("NOT MEASURED: pgcopydb, which isn't installed.");
}

function contendersFor(runs: number): readonly (Contender & { readonly goal?: number })[] {
  const contender = (name: string, template: string | undefined, run: () => void) => ({
    name,
    run,
    prepare: () => renewTarget(server, template),
    check: async () => {
      const found = await countRuns(server, TARGET);
      if (found !== runs) throw new Error(`${name} left ${found} of ${runs} runs.`);
    },
  });
  const ours = [
    contender('Spire: masked, compared and swapped', EMPTY, () => void spire('masked')),
    contender('Spire without masks', EMPTY, () => void spire('plain')),
  ];
  if (!binaries) return ours;
  const dump = (...flags: string[]) =>
    contender(
      `pg_dump ${['-Fd', ...flags, `-j${jobs}`].join(' ')}, pg_restore -j${jobs}`,
      undefined,
      () => dumpAndRestore(server, binaries, ['source', TARGET], jobs, flags),
    );
  const all = [...ours, { ...dump('-Z0'), goal: 1.15 }, { ...dump(), goal: 1.8 }];
  return hasPgcopydb()
    ? [
        ...all,
        contender('pgcopydb clone', undefined, () =>
          pgcopydb(server, binaries, ['source', TARGET], jobs),
        ),
      ]
    : all;
}

async function measureMemory(): Promise<void> {
  console.log("\nThe most memory that Spire's process had:");
  for (const name of ['quarter', 'source']) {
    await renewTarget(server, EMPTY);
    const peak = spire('masked', name);
    const size = megabytesText(await sizeOf(server, name));
    console.log(
      `${megabytesText(peak).padStart(8)}  for ${size}  ${goalText(megabytesText(MEMORY_GOAL), peak < MEMORY_GOAL)}`,
    );
  }
}

/** Runs Spire as a process. @returns the most memory that it had, in bytes. */
function spire(kind: 'masked' | 'plain', source = 'source'): number {
  const stdout = execFileSync(process.execPath, [program, kind, String(jobs)], {
    env: {
      ...process.env,
      SOURCE_URL: server.connectionString(source),
      TARGET_URL: server.connectionString(TARGET),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Number(stdout);
}

function megabytesText(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function goalText(goal: string, met: boolean): string {
  return `goal ${goal} ${met ? 'met' : 'missed'}`;
}
