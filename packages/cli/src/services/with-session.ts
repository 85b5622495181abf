import { type Client, MigrateError } from '@spire/migrate';
import { type SpireDBConnector, toSpireError } from '@spire/sdk';
import { TransferError } from '@spire/transfer';
import { CliError } from '../errors.ts';

/**
 * Lends one session of a connector, for what needs the same one from its beginning to its end.
 *
 * @throws SpireDBError for what Postgres refuses; MigrateError, TransferError and CliError as they are.
 */
export async function withSession<T>(
  spire: SpireDBConnector,
  run: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await spire.withClient(run);
  } catch (error) {
    const ours = [MigrateError, TransferError, CliError].some((one) => error instanceof one);
    if (ours) throw error;
    throw toSpireError(error, spire.environment.name);
  }
}
