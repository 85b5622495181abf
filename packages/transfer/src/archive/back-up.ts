import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { to } from 'pg-copy-streams';
import type { Session, Sessions } from '../session.ts';
import type { TableStructure } from '../structure.ts';
import { type BackupHeader, publicTables } from './backup-header.ts';
import { ENTRY, partName } from './entry-names.ts';
import { readSnapshot } from './read-snapshot.ts';
import {
  copiedColumns,
  indexesSql,
  restoreSql,
  type StoredPart,
  tablesSql,
} from './restore-sql.ts';
import { cutIntoParts } from './table-parts.ts';
import { type AddEntry, type WriteOptions, writeArchive } from './write-archive.ts';

/** How far a backup is. */
export type BackupStep =
  | { readonly kind: 'copying'; readonly table: TableStructure; readonly bytes: number }
  | {
      readonly kind: 'copied';
      readonly table: TableStructure;
      readonly copied: { readonly name: string; readonly rows: number; readonly bytes: number };
    };

/** What to back up, and how. */
export interface BackupOptions extends WriteOptions {
  readonly environment: string;
  /** Whether the archive is for that environment alone. */
  readonly protected: boolean;
  /** Such as `spire 0.1.0`. */
  readonly madeBy: string;
  readonly onStep?: ((step: BackupStep) => void) | undefined;
}

/** What an archive holds of `public`. */
export interface Backup {
  readonly header: BackupHeader;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
}

/**
 * Writes a database, as it is at one moment, into an archive that anybody can open: a tar, compressed by
 * zstd and encrypted by age where that is asked for. A few parts of a table are all that is held in memory.
 *
 * @param file where to; it isn't there yet.
 * @throws TransferError `FILE_UNWRITABLE`, `RECIPIENT_INVALID`, `TABLE_UNREADABLE`, `TABLE_UNSUPPORTED`;
 * MigrateError `MIGRATION_BLOCKED`; what Postgres says; an `AbortError`. Then nothing is left of the archive.
 * @example
 * await backUp(spire.pool, '/backups/staging.tar.zst', {
 *   environment: 'staging', protected: false, madeBy: 'spire 0.1.0',
 * });
 */
export async function backUp(
  sessions: Sessions,
  file: string,
  options: BackupOptions,
): Promise<Backup> {
  const session = await sessions.connect();
  try {
    const header = await readSnapshot(session, options);
    const tables: { name: string; rows: number }[] = [];
    const onStep = (step: BackupStep) => {
      if (step.kind === 'copied') tables.push({ name: step.copied.name, rows: step.copied.rows });
      options.onStep?.(step);
    };
    await writeArchive(file, options, async (add) => {
      const addText = (name: string, text: string) =>
        add(name, { chunks: [Buffer.from(text)], rows: null });
      await addText(ENTRY.header, `${JSON.stringify(header, null, 2)}\n`);
      await addText(ENTRY.schema, tablesSql(publicTables(header)));
      const parts: StoredPart[] = [];
      for (const { name, tables } of header.schemas) {
        for (const table of tables) {
          parts.push(...(await addRows(session, name, table, add, { ...options, onStep })));
        }
      }
      await addText(ENTRY.indexes, indexesSql(publicTables(header)));
      await addText(ENTRY.restore, restoreSql(header, parts));
    });
    return { header, tables };
  } finally {
    session.release(true);
  }
}

/** Of the books nobody is told. */
async function addRows(
  session: Session,
  schema: string,
  table: TableStructure,
  add: AddEntry,
  { signal, onStep }: Pick<BackupOptions, 'signal' | 'onStep'>,
): Promise<StoredPart[]> {
  const tell = schema === 'public' ? onStep : undefined;
  const stored: StoredPart[] = [];
  const { name } = table;
  const select = `copy ${schema}.${table.quoted} (${copiedColumns(table)}) to stdout`;
  let [rows, bytes] = [0, 0];
  for await (const part of cutIntoParts(rowsOf(session, select, signal))) {
    const entry = partName(schema, name, stored.length + 1);
    await add(entry, part);
    stored.push({ schema, table, entry });
    rows += part.rows;
    bytes += part.bytes;
    tell?.({ kind: 'copying', table, bytes });
  }
  tell?.({ kind: 'copied', table, copied: { name, rows, bytes } });
  return stored;
}

/** What Postgres sends, until it is all, or until nobody wants it any more. */
async function* rowsOf(
  session: Session,
  select: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const rows = new PassThrough();
  const sent = pipeline(session.query(to(select)), rows, signal ? { signal } : {});
  sent.catch(() => {});
  yield* rows;
  await sent;
}
