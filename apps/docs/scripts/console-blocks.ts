/** A command of a `console` block, with what it is said to print. */
export interface ConsoleCommand {
  readonly command: string;
  /** Its output as the page has it, without the line that tells the exit code. */
  readonly output: string;
  /** Told by a last line such as `[exit 4]`; 0 without one. */
  readonly exitCode: number;
}

/** A fenced `console` block of a page. */
export interface ConsoleBlock {
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly commands: readonly ConsoleCommand[];
}

const FENCE = /^```console[^\n]*\n([\s\S]*?)^```$/gm;

/**
 * Finds the `console` blocks of a Markdown page: a line that begins with `$ ` is a command, the lines
 * up to the next one are what it prints.
 */
export function consoleBlocks(markdown: string): ConsoleBlock[] {
  return [...markdown.matchAll(FENCE)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length,
    commands: commandsIn(match[1] ?? ''),
  }));
}

/** Whether a `console` block is indented, as in a list: nothing would run it. */
export function hasIndentedBlock(markdown: string): boolean {
  return /^[ \t]+(?:```|~~~)console/m.test(markdown);
}

/** The commands of a block's content, each with what it is said to print. */
export function commandsIn(content: string): ConsoleCommand[] {
  const parts = content.split(/^\$ /m).slice(1);
  return parts.map((part) => {
    const [command = '', ...lines] = part.trimEnd().split('\n');
    const exit = /^\[exit (\d+)\]$/.exec(lines.at(-1) ?? '')?.[1];
    if (exit) lines.pop();
    return { command, output: lines.join('\n'), exitCode: Number(exit ?? 0) };
  });
}

/** Writes blocks back into their page, in the order in which they were found. */
export function withBlocks(markdown: string, blocks: readonly ConsoleBlock[]): string {
  let index = 0;
  return markdown.replace(FENCE, (whole) => {
    const block = blocks[index];
    index += 1;
    if (!block) return whole;
    const [opening] = whole.split('\n');
    return `${opening}\n${block.commands.map(printCommand).join('\n')}\n\`\`\``;
  });
}

function printCommand({ command, output, exitCode }: ConsoleCommand): string {
  const lines = [`$ ${command}`, ...(output ? [output] : [])];
  return [...lines, ...(exitCode ? [`[exit ${exitCode}]`] : [])].join('\n');
}
