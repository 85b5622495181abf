import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from, to } from 'pg-copy-streams';
import { TransferError } from './errors.ts';
import type { Session } from './session.ts';
import type { TableStructure } from './structure.ts';

/** What a table holds, so that two can be compared: its rows in their order. */
export interface Content {
  readonly rows: number;
  /** SHA-256 of the rows as Postgres sends them. */
  readonly hash: string;
}

/** How rows travel: `binary` between servers of one major, `text` else. */
export type CopyFormat = 'binary' | 'text';

/**
 * Copies what a query finds on one server into an incoming table on another, with no file between them.
 *
 * @param select whose columns are those of the table that aren't generated.
 * @param onBytes told of how many bytes went through, again and again.
 * @returns what was sent.
 */
export async function copyTable(
  source: Session,
  target: Session,
  table: TableStructure,
  select: string,
  format: CopyFormat,
  onBytes?: (bytes: number) => void,
): Promise<Content> {
  const rows = to(`copy (${select}) to stdout (format ${format})`);
  const loaded = await loadTable(target, table, () => source.query(rows), format, onBytes);
  await source.query('select');
  requireSame(table, { ...loaded, rows: rows.rowCount }, loaded);
  return loaded;
}

/**
 * Fills an incoming table with rows in the format of COPY.
 *
 * @param rows begins to read them.
 * @throws what Postgres refuses; then the table is empty as before.
 */
export async function loadTable(
  target: Session,
  table: TableStructure,
  rows: () => Readable,
  format: CopyFormat,
  onBytes?: (bytes: number) => void,
): Promise<Content> {
  const hash = createHash('sha256');
  const columns = copiedColumns(table);
  // In the transaction that emptied it rows may be written as everybody will see them, and stay in their order.
  await target.query('begin');
  try {
    await target.query(`truncate ${table.quoted}`);
    const read = rows();
    const into = target.query(
      from(`copy ${table.quoted} (${columns}) from stdin (format ${format}, freeze)`),
    );
    const watch = new Transform({
      transform(chunk, _encoding, pass) {
        hash.update(chunk);
        onBytes?.(chunk.length);
        pass(null, chunk);
      },
    });
    await pipeline(read, watch, into);
    await target.query('commit');
    return { rows: into.rowCount, hash: hash.digest('hex') };
  } catch (error) {
    await target.query('rollback').catch(() => {});
    throw error;
  }
}

/**
 * Reads an incoming table again, in the order in which it was filled.
 *
 * @throws TransferError `COPY_UNEQUAL` when it isn't what was sent.
 */
export async function requireEqual(
  target: Session,
  table: TableStructure,
  sent: Content,
  format: CopyFormat,
): Promise<void> {
  const hash = createHash('sha256');
  const rows = target.query(
    to(`copy ${table.quoted} (${copiedColumns(table)}) to stdout (format ${format})`),
  );
  for await (const chunk of rows) hash.update(chunk);
  // The number of rows comes after the last one.
  await target.query('select');
  requireSame(table, sent, { rows: rows.rowCount, hash: hash.digest('hex') });
}

function requireSame(table: TableStructure, sent: Content, found: Content): void {
  if (found.rows === sent.rows && found.hash === sent.hash) return;
  throw new TransferError(
    'COPY_UNEQUAL',
    `What arrived in ${table.name} isn't what was sent: ${sent.rows} rows were, and ${found.rows} are there.`,
    { suggestions: ['Nothing was changed. Run it again.'] },
  );
}

function copiedColumns({ columns }: TableStructure): string {
  return columns
    .filter(({ generated }) => !generated)
    .map(({ quoted }) => quoted)
    .join(', ');
}
