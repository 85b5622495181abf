import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Target } from './driver.ts';

const GOAL = 1.03;
/** No garbage is collected within a batch, so that the heap grows by what is allocated. */
const ROOM = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=256'];

/**
 * Prints what a query allocates on the SDK's pool and on a bare one: what a connector adds to a query is less
 * than a clock can tell from noise, but the heap is exact.
 */
export async function compareAllocations(target: Target): Promise<void> {
  console.log('\nBytes that one named query of one row allocates, on a pool:');
  const [bare, again, own] = await allocated(target, []);
  const ratio = own / bare;
  console.log(`${format(bare)}  pg.Pool`);
  console.log(`${format(again)}  pg.Pool, in another process: the noise`);
  console.log(
    `${format(own)}  spire.pool, ${ratio.toFixed(3)}x  goal ${GOAL.toFixed(2)}x ${ratio <= GOAL ? 'met' : 'missed'}`,
  );
  // What the compiler saves differs from run to run. Without it there is more, and to the byte.
  const [plain, , ownPlain] = await allocated(target, ['--no-opt', '--no-maglev']);
  console.log(
    `Without V8's optimising compilers: ${format(plain)} and ${format(ownPlain)}, ${(ownPlain / plain).toFixed(3)}x.`,
  );
}

async function allocated(
  target: Target,
  flags: readonly string[],
): Promise<[bare: number, again: number, own: number]> {
  return [
    await allocatedIn(target, 'bare', flags),
    await allocatedIn(target, 'bare', flags),
    await allocatedIn(target, 'spire', flags),
  ];
}

async function allocatedIn(
  target: Target,
  pool: 'bare' | 'spire',
  flags: readonly string[],
): Promise<number> {
  const child = fork(join(import.meta.dirname, 'allocation-process.ts'), {
    execArgv: [...ROOM, ...flags],
  });
  child.send({ target, pool });
  const [bytes] = await once(child, 'message');
  child.disconnect();
  await once(child, 'exit');
  return bytes;
}

function format(bytes: number): string {
  return Math.round(bytes).toLocaleString('en').padStart(8);
}
