/** Matches a JSDoc comment; what it says is its first group. */
export const DOC_COMMENT = String.raw`/\*\*((?:(?!\*/)[\s\S])*)\*/`;

/** What a JSDoc comment says, on one line. */
export function commentText(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .filter(Boolean)
    .join(' ');
}
