import { getHeapStatistics } from 'node:v8';
import { CONTENDERS } from './contenders.ts';
import type { Driver, Target } from './driver.ts';
import { WORKLOADS } from './workloads.ts';

/** What a contender's process is told first; it answers when it is connected. */
export interface Opening {
  /** Its place among `CONTENDERS`. */
  readonly contender: number;
  readonly target: Target;
  /** The workflows to ask for, in turn. */
  readonly ids: readonly string[];
}

/** What it is asked then; it answers with {@link Shown} or {@link Cost}. */
export type Request =
  | { readonly show: string }
  /** A workload's place among `WORKLOADS`, how often, and how many are under way at a time. */
  | { readonly measure: number; readonly times: number; readonly atOnce: number };

/** What it reads: a workflow and the newest runs. */
export interface Shown {
  readonly workflow: unknown;
  readonly runs: readonly unknown[];
}

/** What a workload took once, on the average of a batch. */
export interface Cost {
  /** CPU time of the process, with what the kernel does for it. */
  readonly cpuMicros: number;
  /** What was allocated on V8's heap, in bytes. */
  readonly allocated: number;
  readonly perSecond: number;
}

process.once('message', async ({ contender, target, ids }: Opening) => {
  const driver = await CONTENDERS[contender]?.open(target);
  if (!driver) throw new Error(`there is no contender ${contender}`);
  process.on('message', async (request: Request) => {
    process.send?.(
      'show' in request ? await show(driver, request.show) : await measure(driver, ids, request),
    );
  });
  process.once('disconnect', () => driver.close());
  process.send?.('connected');
});

async function show(driver: Driver, id: string): Promise<Shown> {
  return { workflow: await driver.workflow(id), runs: Array.from(await driver.runs()) };
}

async function measure(
  driver: Driver,
  ids: readonly string[],
  { measure: place, times, atOnce }: Extract<Request, { measure: number }>,
): Promise<Cost> {
  const workload = WORKLOADS[place];
  if (!workload) throw new Error(`there is no workload ${place}`);
  let begun = 0;
  const oneAfterAnother = async () => {
    while (begun < times) {
      const id = ids[begun % ids.length] ?? '';
      begun += 1;
      await workload.run(driver, id);
    }
  };
  // What the batch before left behind is not this one's cost.
  globalThis.gc?.();
  const allocated = allocatedBytes();
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: atOnce }, oneAfterAnother));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuMicros: (user + system) / times,
    allocated: (allocatedBytes() - allocated) / times,
    perSecond: times / seconds,
  };
}

/** What this process has ever allocated on V8's heap. */
function allocatedBytes(): number {
  return getHeapStatistics().total_allocated_bytes;
}
