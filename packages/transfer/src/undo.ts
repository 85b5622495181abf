import {
  type Client,
  inTransaction,
  retryOnLocks,
  WAIT_MILLIS,
  withMigrationLock,
} from '@spire/migrate';
import { TransferError } from './errors.ts';
import { type Receipt, readLastReceipt } from './receipt.ts';
import { type OthersOptions, requireAlone } from './require-alone.ts';
import { requireReplaceable } from './require-target.ts';
import { PREVIOUS, swapBack } from './swap.ts';

/**
 * The transfer that can be undone: the last one, while the tables of before are kept.
 *
 * @throws TransferError `NOTHING_TO_UNDO`
 */
export async function planUndo(client: Client, environment: string): Promise<Receipt> {
  const receipt = await readLastReceipt(client);
  const { rows } = await client.query('select to_regnamespace($1) is not null as kept', [PREVIOUS]);
  const kept = rows[0]?.kept && receipt && receipt.keptUntil > new Date();
  if (kept && !receipt.undoneAt) {
    await requireSameLedger(client, environment, receipt);
    return receipt;
  }
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
 * @throws TransferError `NOTHING_TO_UNDO` when it isn't the last one any more, `TARGET_DEPENDED_ON`,
 * `TARGET_IN_USE`, `SESSION_DENIED`; MigrateError `MIGRATION_LOCKED`, `MIGRATION_BLOCKED`; the signal's reason.
 */
export async function undoTransfer(
  client: Client,
  environment: string,
  receipt: Receipt,
  options: OthersOptions = {},
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
    await requireReplaceable(
      client,
      environment,
      receipt.replaced,
      receipt.tables.map(({ name }) => name),
    );
    await requireAlone(client, [], environment, options);
    await retryOnLocks(client, WAIT_MILLIS, () =>
      inTransaction(client, async () => {
        await swapBack(client, receipt.replaced);
        await client.query('update spire.transfers set undone_at = now() where id = $1', [id]);
      }),
    );
  });
}

/** Where the tables alone were replaced, the ledger speaks of the new ones, and of what they got since. */
async function requireSameLedger(
  client: Client,
  environment: string,
  { id, kind, replaced }: Receipt,
): Promise<void> {
  if (replaced === 'everything') return;
  const { rows: found } = await client.query(
    `select to_regclass('spire.migrations') is not null as found`,
  );
  if (!found[0]?.found) return;
  const { rows } = await client.query(
    `select tag from spire.migrations where applied_at > (
       select finished_at from spire.transfers where id = $1) order by created_at`,
    [id],
  );
  if (rows.length === 0) return;
  throw new TransferError(
    'NOTHING_TO_UNDO',
    `The last ${kind} of ${environment} can't be undone any more: the tables of before lack ${rows.map(({ tag }) => tag).join(', ')}, applied since.`,
    {
      suggestions: [
        `Fresh rows: spire db refresh -e ${environment} --from NAME`,
        'Nothing was changed.',
      ],
    },
  );
}
