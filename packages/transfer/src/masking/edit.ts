/** What `regexp_replace` is given. */
export type Edit = readonly [pattern: string, replacement: string];

/** What stands where a secret stood in a text. */
export const MASKED = 'masked';

/** A character that JSON can't hold, to mark places between one edit and the next. */
export const MARK = '\u0001';

/** Takes all marks away. */
export const UNMARK: Edit = [MARK, ''];

/** A text as a replacement that is that text. */
export function replacedBy(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

/**
 * A pattern for names: `*` stands for anything, `_` for any separator or none.
 *
 * @param anything what a `*` may be.
 */
export function nameIn(names: readonly string[], anything: string): string {
  const alternatives = names.map((name) =>
    name.replaceAll('.', '[.]').replaceAll('_', '[-_. ]?').replaceAll('*', anything),
  );
  return `(?:${alternatives.join('|')})`;
}

/**
 * The same where a search for it begins: what a `*` at its beginning stands for is left to what is before, since to
 * try anything at each character takes long.
 *
 * @param start what is before a name that doesn't begin with `*`.
 * @param within what is before the others.
 */
export function nameFrom(
  names: readonly string[],
  anything: string,
  start: string,
  within = '',
): string {
  const open = names.filter((name) => name.startsWith('*')).map((name) => name.slice(1));
  const closed = names.filter((name) => !name.startsWith('*'));
  const alternatives = [
    ...(open.length > 0 ? [within + nameIn(open, anything)] : []),
    ...(closed.length > 0 ? [start + nameIn(closed, anything)] : []),
  ];
  return `(?:${alternatives.join('|')})`;
}
