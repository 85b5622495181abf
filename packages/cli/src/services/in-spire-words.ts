import { MigrateError } from '@spire/migrate';
import { toSpireError } from '@spire/sdk';
import { TransferError } from '@spire/transfer';

/**
 * Runs something on sessions of an environment, and says in Spire's words what Postgres refuses.
 *
 * @throws SpireDBError; TransferError and MigrateError as they are.
 */
export async function inSpireWords<T>(environment: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const ours = error instanceof TransferError || error instanceof MigrateError;
    throw ours ? error : toSpireError(error, environment);
  }
}
