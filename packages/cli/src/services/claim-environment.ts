import { claimDatabase, readFingerprint, reclaimDatabase } from '@spire/migrate';
import type { SpireDBConnector } from '@spire/sdk';

/** Which environment the database says it is; undefined when it says nothing yet. */
export function claimOf(spire: SpireDBConnector): Promise<string | undefined> {
  return spire.withClient(readFingerprint);
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
  await spire.withClient((client) =>
    from === undefined ? claimDatabase(client, name) : reclaimDatabase(client, from, name),
  );
}
