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
