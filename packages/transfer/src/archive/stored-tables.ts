import type { TableStructure } from '../structure.ts';
import { isPartOf } from './entry-names.ts';
import type { OpenArchive } from './open-archive.ts';
import type { ArchiveEntry } from './read-tar.ts';

/** The rows of a table that an archive has, in COPY's text format. What isn't read is passed over. */
export interface StoredTable {
  readonly schema: string;
  readonly table: TableStructure;
  readonly rows: AsyncIterable<Buffer>;
}

/**
 * The tables that have rows in an archive, in the order of its header. They end only when all of the
 * archive was what it should be.
 */
export async function* storedTables({
  header,
  entries,
}: OpenArchive): AsyncGenerator<StoredTable, void> {
  const all = header.schemas.flatMap(({ name: schema, tables }) =>
    tables.map((table) => ({ schema, table })),
  );
  const tableOf = (entry: ArchiveEntry) =>
    all.find(({ schema, table }) => isPartOf(entry.name, schema, table.name));
  let next = await entries.next();
  while (!next.done) {
    const found = tableOf(next.value);
    if (!found) {
      next = await entries.next();
      continue;
    }
    const rows = partsOf(found.table);
    yield { ...found, rows };
    for await (const _ of rows);
  }

  async function* partsOf(table: TableStructure): AsyncGenerator<Buffer> {
    while (!next.done && tableOf(next.value)?.table === table) {
      yield* next.value.content;
      next = await entries.next();
    }
  }
}
