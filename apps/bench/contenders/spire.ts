import { SpireDBConnector } from '@spire/sdk';
import { CONNECTIONS, type Driver, type Target } from '../driver.ts';
import { changeWorkflow, newestRuns } from './drizzle-queries.ts';
import { drivePg } from './pg.ts';

/** The SDK as a service uses it. */
export async function driveSpire(target: Target): Promise<Driver> {
  const spire = await connect(target);
  // Its own lists end at 500 rows a page.
  const runs = newestRuns(spire.db).prepare('bench_runs');
  return {
    workflow: (id) => spire.workflows.get(id),
    runs: () => runs.execute(),
    change: (id, description) =>
      spire.transaction(async (tx) => {
        await tx.workflows.get(id);
        await changeWorkflow(tx.db, id, description);
      }),
    close: async () => {
      await spire.close();
    },
  };
}

/** pg over the SDK's pool: what the connector adds to a bare one. */
export async function driveSpirePool(target: Target): Promise<Driver> {
  const spire = await connect(target);
  return drivePg(spire.pool, target.statements, true, async () => {
    await spire.close();
  });
}

function connect({ variables }: Target): Promise<SpireDBConnector> {
  return SpireDBConnector.create({
    environment: 'local',
    variables,
    pool: { max: CONNECTIONS },
  });
}
