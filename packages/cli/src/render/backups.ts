import { basename } from 'node:path';
import type { ListedArchive } from '@spire/transfer';
import { byteSize } from './byte-size.ts';
import { paint } from './paint.ts';
import { localTime, table } from './table.ts';

/** Backups, a line each. */
export function renderBackups(backups: readonly ListedArchive[]): string {
  const color = paint(process.stdout);
  return table(
    ['file', 'environment', 'taken at', 'size', 'encrypted', 'version'],
    backups.map((one) => [
      basename(one.file),
      one.environment,
      one.takenAt && localTime(new Date(one.takenAt)),
      byteSize(one.bytes),
      one.encrypted ? 'yes' : 'no',
      one.problem ? { text: one.problem, color: color.red } : one.head,
    ]),
  );
}
