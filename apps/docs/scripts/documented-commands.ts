import { consoleBlocks } from './console-blocks.ts';
import type { ManifestCommand } from './manifest.ts';

/** Ways of calling spire that are no command of the manifest. */
const OTHERS = ['help', 'autocomplete'];
const EVERY_COMMAND_HAS = ['--help', '-h', '--json', '--version', '-v'];

const SHELL_BLOCK = /^```(?:sh|bash)\b[^\n]*\n([\s\S]*?)^```$/gm;
const INLINE = /`([^`\n]*)`/g;
const CALL = /(?:^|[\s(])spire (-{0,2}[a-z][^|;&)]*)/;

/** A call of spire on a page. */
interface Call {
  /** The words of its command, such as `workflows list`; undefined when there is no such command. */
  readonly command: string | undefined;
  /** As it stands there, without what comes before spire. */
  readonly text: string;
  readonly flags: readonly string[];
}

/** The call that a line makes; undefined when it makes none, or one of a topic alone. */
export function callIn(line: string, known: readonly ManifestCommand[]): Call | undefined {
  const said = CALL.exec(line)?.[1]?.trim();
  if (said === undefined || said.startsWith('-')) return undefined;
  // What stands in quotes, or behind --, is for somebody else.
  const [text = ''] = said.replace(/"[^"]*"|'[^']*'/g, '""').split(/ --(?= |$)/);
  const found = known
    .filter(({ words }) => `${text} `.startsWith(`${words} `))
    .sort((one, other) => other.words.length - one.words.length)[0];
  const flags = text.match(/(?<=\s)--?[a-z][a-z-]*/g) ?? [];
  if (found) return { command: found.words, text, flags };
  const [topic = '', verb = ''] = text.split(/\s+/);
  const isTopic = known.some(({ words }) => words.startsWith(`${topic} `));
  if (OTHERS.includes(topic) || (isTopic && !/^[a-z]/.test(verb))) return undefined;
  return { command: undefined, text, flags };
}

/** The lines of a page on which spire may be called: in blocks that a reader runs, and in the text. */
export function callLines(markdown: string): string[] {
  const shell = [...markdown.matchAll(SHELL_BLOCK)].flatMap((match) =>
    (match[1] ?? '').replace(/\\\n\s*/g, '').split('\n'),
  );
  const text = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  const inline = [...text.matchAll(INLINE)].map((match) => match[1] ?? '');
  return [...executedLines(markdown), ...shell, ...inline];
}

/** The commands of the `console` blocks of a page. */
export function executedLines(markdown: string): string[] {
  return consoleBlocks(markdown).flatMap(({ commands }) => commands.map(({ command }) => command));
}

/** Calls on a page of commands or flags that don't exist. */
export function callProblems(markdown: string, known: readonly ManifestCommand[]): string[] {
  return callLines(markdown).flatMap((line) => {
    const call = callIn(line, known);
    if (!call) return [];
    const command = known.find(({ words }) => words === call.command);
    if (!command) return [`\`spire ${call.text}\` is no command`];
    const flags = command.flags.flatMap(({ name, char, allowNo }) => [
      `--${name}`,
      ...(char ? [`-${char}`] : []),
      ...(allowNo ? [`--no-${name}`] : []),
    ]);
    return call.flags
      .filter((flag) => !flags.includes(flag) && !EVERY_COMMAND_HAS.includes(flag))
      .map((flag) => `\`spire ${command.words}\` has no flag ${flag}`);
  });
}

/**
 * The commands that no page runs.
 *
 * @param lines the commands of all `console` blocks.
 */
export function commandsNeverRun(
  lines: readonly string[],
  known: readonly ManifestCommand[],
): string[] {
  const called = new Set(lines.map((line) => callIn(line, known)?.command));
  return known
    .filter(({ words }) => !called.has(words))
    .map(({ words }) => `no page runs \`spire ${words}\``);
}
