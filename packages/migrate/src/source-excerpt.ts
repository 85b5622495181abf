/**
 * The line of a file on which a statement went wrong, with a caret below the place.
 *
 * @param source the whole file.
 * @param statement the statement as it was sent, a part of the source.
 * @param position Postgres' position in the statement, from 1.
 * @example
 * sourceExcerpt('select 1;\nselect x;', 'select x;', 8);
 * // '  line 2: select x;\n                 ^'
 */
export function sourceExcerpt(source: string, statement: string, position: number): string {
  const offset = Math.max(source.indexOf(statement), 0) + position - 1;
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = source.indexOf('\n', offset);
  const label = `  line ${before.split('\n').length}: `;
  const line = source.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  return `${label}${line}\n${' '.repeat(label.length + offset - lineStart)}^`;
}
