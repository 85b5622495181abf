import { type Client, readAlembicHeads, readLedger } from '@spire/migrate';
import { beginSnapshot } from '../begin-snapshot.ts';
import { requireReadable } from '../require-readable.ts';
import type { Session } from '../session.ts';
import { readStructure } from '../structure.ts';
import { type BackupHeader, newHeader } from './backup-header.ts';
import { NEUTRAL_TEXT } from './neutral-text.ts';

/** Where Spire keeps its books. Their tables are backed up but for what says which environment it is. */
const BOOKS = ['drizzle', 'spire'];
const LEFT_OUT = ['environment', 'transfers'];

/**
 * Begins to look at a database as it is at this moment, for as long as that takes, and writes down what
 * it is made of. Its tables can be read and written meanwhile, but not altered.
 *
 * @throws TransferError `TABLE_UNREADABLE`, `TABLE_UNSUPPORTED`; MigrateError `MIGRATION_BLOCKED`.
 */
export async function readSnapshot(
  session: Session,
  {
    environment,
    protected: isProtected,
    madeBy,
  }: Pick<BackupHeader, 'environment' | 'protected' | 'madeBy'>,
): Promise<BackupHeader> {
  const names = [...BOOKS, 'public'];
  await beginSnapshot(session, names);
  await session.query(SETTINGS);
  const schemas = [];
  for (const name of names) {
    const found = await readStructure(session, name);
    const tables = found.filter((table) => name === 'public' || !LEFT_OUT.includes(table.name));
    await requireReadable(session, environment, tables, name);
    schemas.push({ name, tables });
  }
  const ledger = await readLedger(undisturbed(session));
  const { rows } = await session.query(
    `select current_setting('server_version_num')::int / 10000 as major`,
  );
  return newHeader({
    environment,
    protected: isProtected,
    madeBy,
    takenAt: new Date().toISOString(),
    postgresMajor: Number(rows[0]?.major),
    head: ledger.at(-1)?.tag ?? null,
    ledger: ledger.map(({ tag = null, hash, createdAt }) => ({ tag, hash, createdAt })),
    alembic: (await readAlembicHeads(session)) ?? null,
    schemas: schemas.filter(({ name, tables }) => name === 'public' || tables.length > 0),
  });
}

/** A session whose transaction goes on when it was asked for what isn't there. */
function undisturbed(session: Session): Client {
  return {
    async query(query, values) {
      await session.query('savepoint asked');
      try {
        return await session.query(query, values);
      } catch (error) {
        await session.query('rollback to asked');
        throw error;
      }
    },
  };
}

/** Rows that are hidden are an error. */
const SETTINGS = `
  set local statement_timeout to 0;
  set local row_security to off;
  ${NEUTRAL_TEXT}`;
