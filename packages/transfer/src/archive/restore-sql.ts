import { countOn } from '../finish-table.ts';
import { tableSql } from '../incoming.ts';
import { sqlLiteral } from '../sql-literal.ts';
import type { TableStructure } from '../structure.ts';
import { type BackupHeader, books, publicTables } from './backup-header.ts';
import { ENTRY } from './entry-names.ts';

/** Rows of a table that stand in an entry. */
export interface StoredPart {
  readonly schema: string;
  readonly table: TableStructure;
  readonly entry: string;
}

/** What makes tables, empty, where the session looks first. */
export function tablesSql(tables: readonly TableStructure[]): string {
  return tables.map((table) => `${tableSql(table)};\n`).join('\n');
}

/** What filled tables need: indexes, keys, then foreign keys, and sequences that go on where the rows end. */
export function indexesSql(tables: readonly TableStructure[]): string {
  const statements = [
    ...tables.flatMap((table) => [
      ...table.constraints.flatMap(({ kind, index }) => (kind === 'key' && index ? [index] : [])),
      ...addConstraints(table, 'key'),
      ...table.indexes,
    ]),
    ...tables.flatMap((table) => addConstraints(table, 'foreign key')),
    ...tables.flatMap(countOn),
  ];
  return statements.map((statement) => `${statement};\n`).join('');
}

function addConstraints({ quoted, constraints }: TableStructure, wanted: string): string[] {
  return constraints
    .filter(({ kind }) => kind === wanted)
    .map((one) => `alter table ${quoted} add constraint ${one.quoted} ${one.sql}`);
}

/** What restores an archive into an empty database, run by psql in the folder where it was unpacked. */
export function restoreSql(header: BackupHeader, parts: readonly StoredPart[]): string {
  return `-- ${header.environment}, ${header.takenAt}, by ${header.madeBy}.
-- Unpack the archive, and run this there on an empty database:
--   psql -v ON_ERROR_STOP=1 -f ${ENTRY.restore}
-- All of it happens, or nothing.
\\set ON_ERROR_STOP on
set client_min_messages to error;
begin;
set search_path to public;
\\i ${ENTRY.schema}
${copiesSql(parts, 'public')}
\\i ${ENTRY.indexes}
${header.alembic ? alembicSql(header.alembic) : ''}
${books(header)
  .map(({ name, tables }) => bookSql(name, tables, parts))
  .join('\n')}
commit;
${publicTables(header).length > 0 ? 'analyze;' : ''}
`;
}

/** The books that Spire keeps beside the tables: what was applied, what was set aside. */
function bookSql(
  schema: string,
  tables: readonly TableStructure[],
  parts: readonly StoredPart[],
): string {
  return `create schema ${schema};
set search_path to ${schema};
${tablesSql(tables)}
${copiesSql(parts, schema)}
${indexesSql(tables)}`;
}

function copiesSql(parts: readonly StoredPart[], wanted: string): string {
  return parts
    .filter(({ schema }) => schema === wanted)
    .map(({ table, entry }) => {
      const into = `${table.quoted} (${copiedColumns(table)})`;
      return `\\copy ${into} from ${sqlLiteral(entry)} with (format text, encoding 'UTF8')`;
    })
    .join('\n');
}

/** What says which revision of Alembic's made the tables. */
export function alembicSql(heads: readonly string[]): string {
  const rows = heads.map((head) => `insert into alembic_version values (${sqlLiteral(head)});`);
  return [
    'create table alembic_version (version_num varchar(32) constraint alembic_version_pkc primary key);',
    ...rows,
  ].join('\n');
}

/** The columns whose values stand in an archive. */
export function copiedColumns({ columns }: TableStructure): string {
  return columns
    .filter(({ generated }) => !generated)
    .map(({ quoted }) => quoted)
    .join(', ');
}
