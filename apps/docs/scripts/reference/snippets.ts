/** A fence that shows a part of a source: "```ts file=examples/service/service.ts region=stop". */
const FENCE = /^```ts\b([^\n]*)\n([\s\S]*?)^```$/gm;

/**
 * A page whose TypeScript comes from sources that are compiled and tested. In a source a part stands between
 * `// #region NAME` and `// #endregion`; of parts with one name the page shows all, in their order.
 *
 * @param readSource by path from the repository's root; undefined when there is no such file.
 * @throws Error when a fence names no part, or one that isn't there.
 */
export function withSnippets(
  markdown: string,
  readSource: (file: string) => string | undefined,
): string {
  return markdown.replace(FENCE, (_, info: string) => {
    const [, file = '', name = ''] = /^ file=(\S+) region=(\S+)$/.exec(info) ?? [];
    const source = readSource(file);
    const parts = source === undefined ? [] : regions(source, name);
    if (parts.length === 0) {
      throw new Error(
        file
          ? `${file} has no region ${name}.`
          : `a block of TypeScript has to name where it comes from: "\`\`\`ts file=... region=..."`,
      );
    }
    return `\`\`\`ts file=${file} region=${name}\n${parts.join('\n\n')}\n\`\`\``;
  });
}

function regions(source: string, name: string): string[] {
  const pattern = new RegExp(
    `^[ \\t]*// #region ${name}\\n([\\s\\S]*?)^[ \\t]*// #endregion`,
    'gm',
  );
  return [...source.matchAll(pattern)].map((match) => unindented(match[1] ?? ''));
}

function unindented(text: string): string {
  const lines = text.trimEnd().split('\n');
  const depths = lines.filter(Boolean).map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(depth)).join('\n');
}
