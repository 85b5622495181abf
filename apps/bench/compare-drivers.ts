import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { ContenderChild } from './contender-child.ts';
import type { Cost, Shown } from './contender-process.ts';
import { CONTENDERS } from './contenders.ts';
import type { Target } from './driver.ts';
import { printCosts } from './print-costs.ts';
import { WORKLOADS } from './workloads.ts';

const ROUNDS = 11;
/** So many batches' worth, before anything counts: until V8 has compiled what is called often. */
const WARM_UP = 6;

/**
 * Compares all contenders in all workloads, and prints what they cost.
 *
 * Each has a process of its own: in one, they would share what the compiler learns of the code that several
 * of them use (pg, Drizzle), and the garbage. They take turns, batch by batch, so that what disturbs the machine
 * disturbs them alike.
 */
export async function compareDrivers(target: Target): Promise<void> {
  const ids = await workflowIds(target.url);
  await using stack = new AsyncDisposableStack();
  const children: ContenderChild[] = [];
  for (const contender of CONTENDERS.keys()) {
    children.push(stack.use(await ContenderChild.start({ contender, target, ids })));
  }
  await requireSameRows(children, ids[0] ?? '');
  for (const [place, workload] of WORKLOADS.entries()) {
    for (const atOnce of [1, 10]) {
      const costs = await takeTurns(children, (child, batches) =>
        child.measure(place, batches * workload.times, atOnce),
      );
      console.log(`\n${workload.name}, ${atOnce === 1 ? 'one at a time' : `${atOnce} at once`}:`);
      printCosts(costs, workload.reads);
    }
  }
  console.log('\nWhere they differ:');
  for (const { name, differs } of CONTENDERS) if (differs) console.log(`- ${name}: ${differs}.`);
}

/** @returns what each batch cost each contender. */
async function takeTurns(
  children: readonly ContenderChild[],
  measure: (child: ContenderChild, batches: number) => Promise<Cost>,
): Promise<readonly (readonly Cost[])[]> {
  const rows = children.map((child) => ({ child, costs: [] as Cost[] }));
  for (const { child } of rows) await measure(child, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1) {
    // Nobody always comes after the same one.
    for (const { child, costs } of round % 2 === 0 ? rows : rows.toReversed()) {
      costs.push(await measure(child, 1));
    }
  }
  return rows.map(({ costs }) => costs);
}

/** A contender that reads less would win. */
async function requireSameRows(children: readonly ContenderChild[], id: string): Promise<void> {
  const [first, ...others] = await Promise.all(children.map((child) => child.show(id)));
  for (const [index, shown] of others.entries()) {
    const contender = CONTENDERS[index + 1];
    const view = contender?.sameRows === false ? idsOf : (all: Shown | undefined) => all;
    if (!isDeepStrictEqual(view(shown), view(first))) {
      throw new Error(`${contender?.name} reads something else than ${CONTENDERS[0]?.name}.`);
    }
  }
}

function idsOf(shown: Shown | undefined): unknown[] {
  return [shown?.workflow, ...(shown?.runs ?? [])].map((row) => (row as { id: string }).id);
}

async function workflowIds(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('select id from workflows order by name');
  await client.end();
  return rows.map(({ id }) => id);
}
