import { schema, workflows } from '@spire/schema';
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Driver, Target } from '../driver.ts';
import { changeWorkflow, newestRuns, wholeWorkflows } from './drizzle-queries.ts';
import { openPool } from './pg.ts';

/** Drizzle over a bare pool, each statement built when it is asked. */
export function driveDrizzle(target: Target): Driver {
  const pool = openPool(target);
  const db = drizzle(pool, { schema });
  return {
    workflow: async (id) => (await wholeWorkflows(db).where(eq(workflows.id, id)))[0],
    runs: () => newestRuns(db),
    change: (id, description) =>
      db.transaction(async (tx) => {
        await wholeWorkflows(tx).where(eq(workflows.id, id));
        await changeWorkflow(tx, id, description);
      }),
    close: () => pool.end(),
  };
}

/**
 * Drizzle over a bare pool, each statement built and named once. One of a transaction belongs to it, so
 * there each is built anew, with the same name.
 */
export function drivePreparedDrizzle(target: Target): Driver {
  const pool = openPool(target);
  const db = drizzle(pool, { schema });
  const workflowById = (over: Parameters<typeof wholeWorkflows>[0]) =>
    wholeWorkflows(over)
      .where(eq(workflows.id, sql.placeholder('id')))
      .prepare('bench_workflow');
  const workflow = workflowById(db);
  const runs = newestRuns(db).prepare('bench_runs');
  return {
    workflow: async (id) => (await workflow.execute({ id }))[0],
    runs: () => runs.execute(),
    change: (id, description) =>
      db.transaction(async (tx) => {
        await workflowById(tx).execute({ id });
        await changeWorkflow(tx, id, description).prepare('bench_change').execute();
      }),
    close: () => pool.end(),
  };
}
