import { type Client, MigrateError } from '@spire/migrate';
import { type SpireDBConnector, toSpireError } from '@spire/sdk';
import { CliError } from '../errors.ts';

/**
 * Lends one session of a connector, for what needs the same one from its beginning to its end.
 *
 * @throws SpireDBError for what Postgres refuses; MigrateError and CliError as they are.
 */
export async function withSession<T>(
  spire: SpireDBConnector,
  run: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await spire.pool.connect();
  try {
    return await run(client);
  } catch (error) {
    if (error instanceof MigrateError || error instanceof CliError) throw error;
    throw toSpireError(error, spire.environment.name);
  } finally {
    // What it set stays with it: nobody else is given it.
    client.release(true);
  }
}
