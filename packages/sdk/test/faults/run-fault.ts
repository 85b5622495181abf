import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, inject } from 'vitest';
import type { Fault } from './fault.ts';
import type { Order, OwnReport, Report } from './report.ts';
import { CANARY } from './stage.ts';
import type { Side } from './subject.ts';

/** Longer than any row takes. */
const LONGEST_MILLIS = 60_000;
/** A process that has reported has nothing left to do. */
const LINGERS_MILLIS = 10_000;

const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'faults');
/** Where the reports go, one a line. */
const RESULTS = process.env.SPIRE_FAULTS_RESULTS ?? join(CACHE, 'results.jsonl');

/**
 * A family of faults, each to be run in a process of its own: with Spire `alone`, or with `both` sides.
 * What has to hold for Spire whatever happens is asserted here.
 */
export function faultsOf<Faults extends Readonly<Record<string, Fault>>>(
  family: string,
  faults: Faults,
) {
  type Name = keyof Faults & string;
  const run = (name: Name, side: Side) =>
    runInProcess({ family, fault: name, side }, faults[name]?.variables);

  async function alone(name: Name): Promise<Report> {
    const spire = await run(name, 'spire');
    expect(spire).toMatchObject({
      uncaught: [],
      unhandled: [],
      leakedSlots: 0,
      miscounts: 0,
      closed: true,
      sessionsLeft: 0,
      secretsSeen: 0,
      exit: 0,
    });
    return spire;
  }

  return {
    alone,
    both: async (name: Name) => ({ spire: await alone(name), bare: await run(name, 'bare') }),
  };
}

async function runInProcess(
  task: { family: string; fault: string; side: Side },
  variables: Readonly<Record<string, string>> = {},
): Promise<Report> {
  const order: Order = {
    ...task,
    postgresUrl: inject('postgresUrl'),
    template: inject('template'),
  };
  const { PATH, HOME, TMPDIR } = process.env;
  const child = fork(join(import.meta.dirname, 'child.ts'), {
    // Without Node's compile cache: many processes that write it at once spin at their end for many seconds.
    env: { PATH, HOME, TMPDIR, ...variables },
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MILLIS);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
    });
  }
  child.send(order);
  const [said] = await Promise.race([
    once(child, 'message') as Promise<[OwnReport | { broken: string }]>,
    exited.then(([code]) => [{ broken: `exit ${code}\n${printed.slice(-3000)}` }]),
  ]);
  clearTimeout(timer);
  if (!said || 'broken' in said) {
    child.kill('SIGKILL');
    throw new Error(`${task.family}/${task.fault}/${task.side}: ${said?.broken}`);
  }
  const lingers = setTimeout(() => child.kill('SIGKILL'), LINGERS_MILLIS);
  const [code] = await exited;
  clearTimeout(lingers);
  const report: Report = {
    ...said,
    secretsSeen: said.secretsSeen + (printed.includes(`${CANARY}-`) ? 1 : 0),
    exit: code ?? 'lingers',
  };
  mkdirSync(dirname(RESULTS), { recursive: true });
  appendFileSync(RESULTS, `${JSON.stringify({ at: new Date().toISOString(), ...report })}\n`);
  return report;
}
