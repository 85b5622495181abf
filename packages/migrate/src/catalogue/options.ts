/**
 * What sets the options of a table, a view or an index, `name=value` each.
 *
 * @param alter how the statement begins, such as `alter table public.history`.
 */
export function changeOptions(
  alter: string,
  want: readonly string[],
  is: readonly string[],
): { words: string; statements: string[] } {
  const nameOf = (option: string) => option.split('=', 1)[0] ?? '';
  const set = want.filter((option) => !is.includes(option));
  const names = want.map(nameOf);
  const reset = is.map(nameOf).filter((name) => !names.includes(name));
  const list = (options: readonly string[]) => options.join(', ') || 'no options';
  return {
    words: `has ${list(is)}, and should have ${list(want)}`,
    statements: [
      ...(reset.length > 0 ? [`${alter} reset (${reset.join(', ')})`] : []),
      ...(set.length > 0 ? [`${alter} set (${set.map(quoteValue).join(', ')})`] : []),
    ],
  };
}

/** An option as SQL writes it: `name='value'`. */
export function quoteValue(option: string): string {
  const at = option.indexOf('=');
  if (at < 0) return option;
  return `${option.slice(0, at)}='${option.slice(at + 1).replaceAll("'", "''")}'`;
}
