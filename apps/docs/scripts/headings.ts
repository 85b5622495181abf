/** A heading of a page. */
export interface Heading {
  /** From 1. */
  readonly line: number;
  readonly level: number;
  readonly text: string;
  /** What links to it say behind `#`. */
  readonly anchor: string;
}

/**
 * The headings of a page, without what looks like one in a code block.
 *
 * @example
 * headings('# Tables\n## `id`'); // anchors: tables, id
 */
export function headings(markdown: string): Heading[] {
  const found: Heading[] = [];
  const used = new Map<string, number>();
  let fence = '';
  for (const [index, text] of markdown.split('\n').entries()) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(text)?.[1] ?? '';
    if (fence ? mark.startsWith(fence) : mark) fence = fence ? '' : mark;
    const [, hashes = '', words = ''] = (!fence && /^(#{1,6}) (.+)$/.exec(text)) || [];
    if (!hashes) continue;
    const plain = words.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = used.get(slug) ?? 0;
    used.set(slug, count + 1);
    const anchor = count === 0 ? slug : `${slug}-${count}`;
    found.push({ line: index + 1, level: hashes.length, text: plain, anchor });
  }
  return found;
}
