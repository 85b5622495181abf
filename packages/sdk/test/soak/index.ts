import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { auditLedger } from './ledger.ts';
import { FAULTS } from './soak-faults.ts';
import { type SoakProcess, startClient } from './soak-process.ts';
import { brokenPromises, describe, type SoakReport } from './soak-report.ts';
import { type Stage, setStage } from './soak-stage.ts';

// `pnpm soak`: one connector under load for ten minutes, while faults strike in turn.

const DEFAULT_MINUTES = 10;
/** Between two faults: long enough to see that all is well again. */
const PAUSE_MILLIS = 6000;
const PROGRESS_MILLIS = 10_000;

const { values } = parseArgs({ options: { minutes: { type: 'string' } } });
const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
if (!(minutes >= 0.5 && minutes <= 60)) {
  console.error('--minutes: from 0.5 to 60.');
  process.exit(2);
}

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
const stage = await setStage();
try {
  // Sixty samples of the heap, however long it takes.
  const client = await startClient(stage.variables, minutes * 1000);
  try {
    const report = await soak(stage, client);
    const broken = brokenPromises(report);
    console.log(describe(report));
    for (const one of report.account.unexplained.slice(0, 10)) console.log(`Unexplained: ${one}`);
    for (const one of broken) console.log(`BROKEN: ${one}`);
    if (broken.length === 0) console.log('Every promise held.');
    process.exitCode = broken.length === 0 ? 0 : 1;
  } finally {
    client.kill();
  }
} finally {
  await stage.end();
}

async function soak(stage: Stage, client: SoakProcess): Promise<SoakReport> {
  const strikes = new Map<string, number>();
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let doing = 'nothing';
  const progress = setInterval(() => {
    const { requests, failures, heap } = client.latest();
    const mebibytes = (heap / 1024 ** 2).toFixed(1);
    console.error(
      `${seconds().toFixed(0)} s: ${requests} requests, ${failures} failed, heap ${mebibytes} MiB; last: ${doing}`,
    );
  }, PROGRESS_MILLIS);
  if (!process.stderr.isTTY) clearInterval(progress);
  const pause = () =>
    sleep(PAUSE_MILLIS, undefined, { signal: interrupted.signal }).catch(() => {});
  await pause();
  for (let turn = 0; seconds() < minutes * 60 && !interrupted.signal.aborted; turn += 1) {
    const { name, strike } = FAULTS[turn % FAULTS.length] as (typeof FAULTS)[number];
    doing = name;
    await client.hearOfFault(name);
    await strike(stage);
    await client.hearOfFault(undefined);
    strikes.set(name, (strikes.get(name) ?? 0) + 1);
    await pause();
  }
  clearInterval(progress);
  const sessions = await stage.sessions();
  const taken = seconds();
  const { account, exitCode } = await client.end();
  return {
    seconds: taken,
    strikes,
    account,
    exitCode,
    ledger: await auditLedger(stage.admin(), client.fates),
    canaries: client.canaries(),
    sessions: [sessions, await stage.sessions()],
    connections: stage.proxy.connections,
  };
}
