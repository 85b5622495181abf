import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpireDBConnector } from '../../src/index.ts';
import type { Account, News, Order } from './messages.ts';
import { SoakLoad } from './soak-load.ts';

// The process under test: one connector, fifty requests a second, for as long as its parent wants.

const SAMPLE_MILLIS = Number(process.argv[2]);
const WORKFLOWS = 20;
/** Sockets to Vault are kept for a while after the last request. */
const LEAVING_MILLIS = 15_000;

const tell = (news: News) => process.send?.(news);
let uncaught = 0;
let unhandled = 0;
process.on('uncaughtException', (error) => {
  uncaught += 1;
  console.error('uncaught', error);
});
process.on('unhandledRejection', (error) => {
  unhandled += 1;
  console.error('unhandled', error);
});

let load: SoakLoad | undefined;
process.on('message', (order: Order) => {
  if (order.kind === 'fault') load?.hearOfFault(order.name);
  else void end();
  tell({ kind: 'heard' });
});
process.once('disconnect', () => process.exit(1));
// What is open already by then isn't the connector's.
console.error('begins');
const before = { sockets: openSockets(), resources: process.getActiveResourcesInfo() };

const spire = await SpireDBConnector.create({
  environment: 'local',
  // Short, so that a silence ends by what finds it and not by itself.
  pool: { max: 10, statementMillis: 2500, queryMillis: 3000 },
});
load = new SoakLoad(spire, await seed(), {
  fate: (id, fate) => tell({ kind: 'fate', id, fate }),
  // Its parent looks for secrets in it.
  failed: (text) => console.error(text),
});
const heap: number[] = [];
const sampler = setInterval(sample, SAMPLE_MILLIS, load);
tell({ kind: 'ready' });

async function seed(): Promise<string[]> {
  const made = Array.from({ length: WORKFLOWS }, async (_, index) => {
    const name = `spire_soak_${index + 1}`;
    const { id } = await spire.workflows.create({ name, description: 'Soak', traitId: index + 1 });
    await spire.history.record({
      workflowId: id,
      stage: 'training',
      argDate: '2026-11-01',
      status: 'success',
    });
    return name;
  });
  return Promise.all(made);
}

function sample({ requests, failed }: SoakLoad): void {
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  heap.push(heapUsed);
  tell({ kind: 'sample', requests, failures: failed, heap: heapUsed });
}

async function end(): Promise<void> {
  if (!load) throw new TypeError('it has not begun');
  await load.end();
  clearInterval(sampler);
  const { active, waiting, connects } = spire.stats();
  const { drained } = await spire.close();
  const deadline = performance.now() + LEAVING_MILLIS;
  while (openSockets() > before.sockets && performance.now() < deadline) await sleep(100);
  const { requests, failures, failuresByFault, unexplained, latencies } = load;
  const account: Account = {
    requests,
    failures,
    failuresByFault,
    unexplained,
    latencies,
    heap,
    connects,
    atRest: { active, waiting },
    drained,
    sockets: [before.sockets, openSockets()],
    resources: added(process.getActiveResourcesInfo(), before.resources),
    uncaught,
    unhandled,
  };
  tell({ kind: 'closed', account });
  // Whatever it has left keeps it from ending, which its parent waits for.
  process.removeAllListeners('disconnect');
  process.disconnect?.();
}

/** Also those that don't keep the process. Where the system doesn't say, the kinds of resources do. */
function openSockets(): number {
  try {
    return readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
      } catch {
        return false;
      }
    }).length;
  } catch {
    return 0;
  }
}

function added(now: readonly string[], then: readonly string[]): string[] {
  const rest = [...then];
  return now.filter((kind) => {
    const at = rest.indexOf(kind);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
