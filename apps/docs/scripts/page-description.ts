/** A description stands in lists of results, which cut what is longer. */
const LONGEST = 200;

/**
 * What a page is about, for `llms.txt` and for search engines: its first paragraph without Markdown's signs, or as
 * many of its sentences as fit.
 */
export function pageDescription(markdown: string): string {
  const paragraph = markdown
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .split(/\n\s*\n/)
    .find((block) => /^[\w`*"(]/.test(block.trim()));
  const text = (paragraph ?? '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (text.length <= LONGEST) return text;
  const sentences = text.slice(0, LONGEST).replace(/(?<=[.:])\s[^.:]*$/, '');
  return sentences.length < LONGEST ? sentences : `${text.slice(0, LONGEST - 1)}…`;
}
