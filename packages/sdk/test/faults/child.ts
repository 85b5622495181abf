import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { PostgresAccess } from '@spire/servers';
import type { Fault } from './fault.ts';
import { codeOf, Journal } from './journal.ts';
import type { Order, OwnReport } from './report.ts';
import { CANARY, setStage, until, type WatchedSubject } from './stage.ts';

// One side goes through one fault, in a process that may perish of it.

const uncaught: string[] = [];
const unhandled: string[] = [];
let secretsSeen = 0;

process.on('uncaughtException', (error) => {
  judge(error);
  uncaught.push(codeOf(error));
});
process.on('unhandledRejection', (error: unknown) => {
  judge(error);
  unhandled.push(codeOf(error));
});
// Whoever asked is gone; what was started here ends with this process.
process.once('disconnect', () => process.exit());
process.once('message', (order: Order) => {
  run(order).then(
    (report) =>
      process.send?.(report, () => {
        process.removeAllListeners('disconnect');
        process.disconnect?.();
      }),
    (error) => process.send?.({ broken: inspect(error) }, () => process.exit(1)),
  );
});

/** Looks for secrets in everything that a program may print of an error. */
function judge(error: unknown): void {
  const texts = [inspect(error, { depth: 20, showHidden: true }), String(error)];
  if (error instanceof Error) texts.push(error.stack ?? '');
  try {
    texts.push(JSON.stringify(error) ?? '');
  } catch {}
  if (texts.some((text) => text.includes(`${CANARY}-`))) secretsSeen += 1;
}

async function run(order: Order): Promise<OwnReport> {
  const { [order.fault]: fault } = (await import(`./${order.family}.ts`)) as Record<string, Fault>;
  if (!fault) throw new Error(`${order.family} has no ${order.fault}`);
  const server = PostgresAccess.at(order.postgresUrl);
  const journal = new Journal(judge);
  const end: (() => Promise<unknown>)[] = [];
  try {
    const { side, template } = order;
    const stage = await setStage(side, server, template, journal, fault.wishes ?? {}, end);
    const watch = watchPools(stage.subjects);
    const asked = () => stage.vault.total;
    let askedBefore = asked();
    const { strike } = journal;
    journal.strike = (what) => {
      askedBefore = asked();
      return strike.call(journal, what);
    };
    const facts = await fault.run(stage);
    const vaultRequests = asked() - askedBefore;
    const leakedSlots = await leakedFrom(stage.subjects);
    clearInterval(watch.timer);
    const ended = Promise.allSettled(stage.subjects.map((subject) => subject.close()));
    const closed = await Promise.race([ended.then(() => true), pause(2000, false, { ref: false })]);
    // What a network swallowed comes to Postgres now.
    stage.proxy.tap = undefined;
    stage.proxy.mode = 'pass';
    if (closed) await until(async () => (await stage.sessions()) === 0, 3000);
    return {
      row: fault.row,
      title: fault.title,
      lasts: fault.lasts ?? false,
      side,
      ...journal.account,
      facts,
      vaultRequests: order.side === 'spire' ? vaultRequests : 0,
      uncaught,
      unhandled,
      leakedSlots,
      miscounts: watch.miscounts(),
      closed,
      sessionsLeft: await stage.sessions(),
      secretsSeen,
    };
  } finally {
    for (const one of end) await one();
  }
}

function watchPools(subjects: readonly WatchedSubject[]) {
  let miscounts = 0;
  const timer = setInterval(() => {
    miscounts += subjects.filter(isMiscounted).length;
  }, 5);
  timer.unref();
  return { timer, miscounts: () => miscounts };
}

/** A connection that is being made counts as active, though nobody has it yet. */
function isMiscounted({ pool, spire, lent }: WatchedSubject): boolean {
  const { totalCount: total, idleCount: idle, options } = pool;
  const stats = spire?.stats() ?? { total, idle, active: total - idle };
  const adds = stats.idle + stats.active === stats.total && stats.total === total;
  return !adds || total > options.max || lent() < 0 || lent() > stats.active;
}

/** Nothing runs any more: every connection of the pools should be idle. */
async function leakedFrom(subjects: readonly WatchedSubject[]): Promise<number> {
  const inUse = () => {
    const counts = subjects.map(({ pool }) => pool.totalCount - pool.idleCount);
    return counts.reduce((sum, count) => sum + count, 0);
  };
  // A connection that is being made for nobody any more may wait for another password.
  const patience = subjects.some(({ side }) => side === 'spire') ? 5000 : 1000;
  await until(() => inUse() === 0, patience);
  return inUse();
}
