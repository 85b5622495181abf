import { type Client, retryOnLocks, WAIT_MILLIS, withMigrationLock } from '@spire/migrate';
import { TransferError } from './errors.ts';
import { type Receipt, readLastReceipt } from './receipt.ts';
import { PREVIOUS, swapBack } from './swap.ts';

/**
 * The transfer that can be undone: the last one, while the tables of before are kept.
 *
 * @throws TransferError `NOTHING_TO_UNDO`
 */
export async function planUndo(client: Client, environment: string): Promise<Receipt> {
  const receipt = await readLastReceipt(client);
  const { rows } = await client.query('select to_regnamespace($1) is not null as kept', [PREVIOUS]);
  if (receipt && !receipt.undoneAt && rows[0]?.kept) return receipt;
  const why = receipt?.undoneAt
    ? `the last ${receipt.kind} was undone already`
    : receipt
      ? `what the last ${receipt.kind} replaced isn't kept any more`
      : 'nothing was moved into it';
  throw new TransferError('NOTHING_TO_UNDO', `There is nothing to undo in ${environment}: ${why}.`);
}

/**
 * Puts back what a transfer replaced. What was written since is lost.
 *
 * @param receipt of the transfer that is meant.
 * @throws TransferError `NOTHING_TO_UNDO` when it isn't the last one any more; MigrateError `MIGRATION_LOCKED`,
 * `MIGRATION_BLOCKED`.
 */
export async function undoTransfer(
  client: Client,
  environment: string,
  receipt: Receipt,
): Promise<void> {
  await withMigrationLock(client, WAIT_MILLIS, async () => {
    const { id } = await planUndo(client, environment);
    if (id !== receipt.id) {
      throw new TransferError(
        'NOTHING_TO_UNDO',
        `The last transfer into ${environment} isn't the one that was meant any more.`,
        { suggestions: [`See which it is: spire db undo -e ${environment}`] },
      );
    }
    await retryOnLocks(client, WAIT_MILLIS, async () => {
      await client.query('begin');
      try {
        await swapBack(client, receipt.replaced);
        await client.query('update spire.transfers set undone_at = now() where id = $1', [id]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback').catch(() => {});
        throw error;
      }
    });
  });
}
