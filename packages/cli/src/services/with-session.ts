import type { Client } from '@spire/migrate';
import type { SpireDBConnector } from '@spire/sdk';

/** Lends one session of a connector, for what needs the same one from its beginning to its end. */
export async function withSession<T>(
  spire: SpireDBConnector,
  run: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await spire.pool.connect();
  try {
    return await run(client);
  } finally {
    // What it set stays with it: nobody else is given it.
    client.release(true);
  }
}
