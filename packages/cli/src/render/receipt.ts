import type { Receipt } from '@spire/transfer';
import { elapsed } from './duration.ts';
import { table } from './table.ts';

/** What came, in how long, and until when it can be undone. */
export function renderReceipt(receipt: Receipt): string {
  const rows = receipt.tables
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, rows }) => [name, rows.toLocaleString('en')]);
  const from = receipt.source === null ? '' : ` from ${receipt.source}`;
  const total = receipt.tables.reduce((sum, { rows }) => sum + rows, 0);
  const done = `${total.toLocaleString('en')} rows${from} in ${elapsed(receipt.durationMillis)}.`;
  return rows.length > 0 ? `${table(['table', 'rows'], rows)}\n\n${done}` : done;
}

/** A receipt as `--json` has it. */
export function receiptJson({ replaced: _, ...receipt }: Receipt) {
  return receipt;
}
