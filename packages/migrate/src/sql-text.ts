/** SQL in which only code is left, and the line comments that stand between it. */
export interface SqlText {
  /** As long as the text, line by line: literals, quoted names and comments are blank. */
  readonly code: string;
  /** By line, from 1. */
  readonly comments: ReadonlyMap<number, string>;
}

/** In the order in which they are tried: comments, dollar quotes, escape strings, strings, quoted names. */
const APART =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?(?:\$\1\$|$)|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)/g;

/**
 * Tells code from what only looks like it, so that a word in a string or a comment isn't taken for SQL, nor
 * a string for a comment.
 *
 * @example
 * readSql("select '-- no comment'; -- one").comments; // Map {1 => '-- one'}
 */
export function readSql(sql: string): SqlText {
  const comments = new Map<number, string>();
  const code = sql.replace(APART, (found, _tag, offset: number) => {
    if (found.startsWith('--')) {
      const line = sql.slice(0, offset).split('\n').length;
      comments.set(line, found);
    }
    return found.replace(/[^\n]/g, ' ');
  });
  return { code, comments };
}

/** What else may hold a value: a number, but not one in a name or after the `$` of a parameter. */
const NUMBER = /(?<![\w$\u0080-\uffff])\.?\d[\w.]*/;
const VALUES = new RegExp(`${APART.source}|${NUMBER.source}`, 'g');

/**
 * A statement with a `?` for each value, on one line and without comments: to be shown to whoever may not
 * see the data. One that was cut off inside a value is understood too.
 *
 * @example
 * withoutLiterals("update t set name = 'Ann' where id in (1, 2) and age > $1");
 * // update t set name = ? where id in (?, ...) and age > $1
 */
export function withoutLiterals(sql: string): string {
  let shown = '';
  let end = 0;
  for (const { 0: found, index } of sql.matchAll(VALUES)) {
    shown += sql.slice(end, index) + standIn(found);
    end = index + found.length;
    // An old setting lets a backslash escape a quote: what is a value from here on is unknown then.
    if (found.startsWith("'") && found.includes("\\'")) {
      shown += ' ...';
      end = sql.length;
      break;
    }
  }
  return (shown + sql.slice(end))
    .replace(/\s+/g, ' ')
    .replace(/\?(\s*,\s*\?)+/g, '?, ...')
    .trim();
}

function standIn(found: string): string {
  if (found.startsWith('"')) return found;
  return /^(--|\/\*)/.test(found) ? ' ' : '?';
}
