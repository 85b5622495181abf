import type { MigrationFile } from '@spire/schema';

/**
 * The line of a file on which a statement went wrong, with a caret below the place.
 *
 * @param index of the statement.
 * @param position Postgres' position in the statement: characters, from 1.
 * @example
 * sourceExcerpt({sql: 'select 1;\nselect x;', statements: ['select 1;', 'select x;']}, 1, 8);
 * // '  line 2: select x;\n                 ^'
 */
export function sourceExcerpt(
  { sql, statements }: Pick<MigrationFile, 'sql' | 'statements'>,
  index: number,
  position: number,
): string {
  // One after the other: the same text may stand in the file more than once.
  const start = statements
    .slice(0, index)
    .reduce((from, statement) => sql.indexOf(statement, from) + statement.length, 0);
  const statement = statements[index] ?? '';
  // Postgres counts characters, JavaScript UTF-16 units.
  const before = [...statement].slice(0, position - 1).join('');
  const offset = sql.indexOf(statement, start) + before.length;
  const lineStart = sql.lastIndexOf('\n', offset - 1) + 1;
  const [line = ''] = sql.slice(lineStart).split(/\r?\n/, 1);
  const label = `  line ${sql.slice(0, lineStart).split('\n').length}: `;
  const indentation = sql.slice(lineStart, offset).replace(/[^\t]/gu, ' ');
  return `${label}${line}\n${' '.repeat(label.length)}${indentation}^`;
}
