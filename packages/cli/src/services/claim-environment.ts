import { claimDatabase, readFingerprint, reclaimDatabase } from '@spire/migrate';
import type { SpireDBConnector } from '@spire/sdk';

/** Which environment the database says it is; undefined when it says nothing yet. */
export async function claimOf(spire: SpireDBConnector): Promise<string | undefined> {
  const client = await spire.pool.connect();
  try {
    return await readFingerprint(client);
  } finally {
    client.release();
  }
}

/**
 * Lets the database say that it is the connector's environment.
 *
 * @param from what it says until now.
 * @throws MigrateError `ENVIRONMENT_MISMATCH` when it says something else by now.
 */
export async function claimEnvironment(
  spire: SpireDBConnector,
  from: string | undefined,
): Promise<void> {
  const { name } = spire.environment;
  const client = await spire.pool.connect();
  try {
    if (from === undefined) await claimDatabase(client, name);
    else await reclaimDatabase(client, from, name);
  } finally {
    client.release();
  }
}
