/**
 * Puts a generated text between the comments `<!-- NAME -->` and `<!-- /NAME -->` of a page; behind it, with
 * the comments, when it has none yet.
 */
export function withMarkedPart(markdown: string, name: string, text: string): string {
  const part = `<!-- ${name} -->\n\n${text}\n\n<!-- /${name} -->`;
  const pattern = new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`);
  return pattern.test(markdown)
    ? markdown.replace(pattern, () => part)
    : `${markdown.trimEnd()}\n\n${part}\n`;
}
