import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import type { Session } from '../session.ts';
import { books } from './backup-header.ts';
import type { OpenArchive } from './open-archive.ts';
import { alembicSql, copiedColumns, indexesSql, tablesSql } from './restore-sql.ts';
import { storedTables } from './stored-tables.ts';

/**
 * Makes again what Spire, drizzle and Alembic noted beside the tables. Call it in the transaction in which
 * all of that was set aside.
 */
export async function restoreBooks(session: Session, archive: OpenArchive): Promise<void> {
  const { header, entries } = archive;
  for (const { name, tables } of books(header)) {
    await session.query(`create schema if not exists ${name}; set local search_path to ${name}`);
    await session.query(tablesSql(tables));
  }
  for await (const { schema, table, rows } of storedTables(archive)) {
    // What follows are the rows that are in their place already.
    if (schema === 'public') break;
    const copy = `copy ${schema}.${table.quoted} (${copiedColumns(table)}) from stdin`;
    await pipeline(Readable.from(rows), session.query(from(copy)));
  }
  await entries.return([]);
  for (const { name, tables } of books(header)) {
    await session.query(`set local search_path to ${name}`);
    await session.query(indexesSql(tables));
  }
  await session.query('set local search_path to public');
  if (header.alembic) await session.query(alembicSql(header.alembic));
}
