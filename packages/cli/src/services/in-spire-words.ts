import { toSpireError } from '@spire/sdk';
import { TransferError } from '@spire/transfer';

/**
 * Runs something on sessions of an environment, and says in Spire's words what Postgres refuses.
 *
 * @throws SpireDBError; TransferError as it is.
 */
export async function inSpireWords<T>(environment: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof TransferError ? error : toSpireError(error, environment);
  }
}
