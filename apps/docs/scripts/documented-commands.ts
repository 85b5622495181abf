import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ways of calling spire that are no command of the manifest. */
const OTHERS = ['--version', 'help', 'autocomplete'];

/** The commands of the manifest, as they are typed: `workflows list`. */
export function manifestCommands(root: string): string[] {
  const file = join(root, 'packages', 'cli', 'oclif.manifest.json');
  const { commands } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.keys(commands).map((id) => id.replaceAll(':', ' '));
}

/** The command that a line of a page runs, such as `workflows list`; undefined when it isn't spire's. */
export function calledCommand(line: string, known: readonly string[]): string | undefined {
  const words = /(?:^|\s)spire ([a-z-][^|;&]*)/.exec(line)?.[1]?.trim();
  if (words === undefined) return undefined;
  const found = known
    .filter((command) => words === command || words.startsWith(`${command} `))
    .sort((one, other) => other.length - one.length)[0];
  return found ?? words.split(' ')[0];
}

/**
 * What the pages lack or have too much of: a command that no page runs, and one that a page runs though
 * there is none.
 *
 * @param lines the commands of all `console` blocks.
 */
export function coverageProblems(lines: readonly string[], known: readonly string[]): string[] {
  const topics = new Set(known.map((command) => command.split(' ')[0]));
  const called = new Set(lines.flatMap((line) => calledCommand(line, known) ?? []));
  const missing = known.filter((command) => !called.has(command));
  const unknown = [...called].filter(
    (command) => !known.includes(command) && !topics.has(command) && !OTHERS.includes(command),
  );
  return [
    ...missing.map((command) => `no page runs \`spire ${command}\``),
    ...unknown.map((command) => `a page runs \`spire ${command}\`, which is no command`),
  ];
}
