import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { choosePages } from './choose-pages.ts';
import {
  type ConsoleBlock,
  type ConsoleCommand,
  consoleBlocks,
  withBlocks,
} from './console-blocks.ts';
import { commandsNeverRun, executedLines } from './documented-commands.ts';
import { manifestCommands } from './manifest.ts';
import { pageProblems, problemsOf, readKnown } from './page-problems.ts';
import { readPages } from './pages.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import { scrub } from './scrub.ts';

// Runs every `console` block of docs/ on an empty home and compares what it prints. Pages that are named, such
// as guides/psql, run alone. --update writes what was printed into the pages.

const root = join(import.meta.dirname, '..', '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { update: { type: 'boolean', default: false } },
});
const pages = choosePages(readPages(root), positionals);

let passed = 0;
const problems: string[] = [];
const sandbox = openSandbox(root);
const stop = () => void sandbox.end().then(() => process.exit(130));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
try {
  for (const { name, file, markdown } of pages) {
    const blocks = consoleBlocks(markdown);
    const printed: ConsoleBlock[] = [];
    const exported: string[] = [];
    for (const block of blocks) printed.push(await runBlock(sandbox, name, block, exported));
    if (values.update && blocks.length > 0) writeFileSync(file, withBlocks(markdown, printed));
  }
} finally {
  await sandbox.end();
}
if (positionals.length > 0) {
  const known = readKnown(root);
  problems.push(...pages.flatMap((page) => problemsOf(page, known)));
} else {
  const lines = pages.flatMap(({ markdown }) => executedLines(markdown));
  problems.push(...commandsNeverRun(lines, manifestCommands(root)));
  problems.push(...(await pageProblems(root, readPages(root))));
}

for (const problem of problems) console.error(`\n${problem}`);
console.log(`\n${passed} passed, ${problems.length} failed`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @param exported what the page exported so far, which holds until its end, as in a reader's shell. */
async function runBlock(
  box: Sandbox,
  page: string,
  block: ConsoleBlock,
  exported: string[],
): Promise<ConsoleBlock> {
  const commands: ConsoleCommand[] = [];
  for (const expected of block.commands) {
    const { command } = expected;
    const result = { command, ...(await box.run([...exported, command].join('\n'))) };
    if (/^(export|unset) /.test(command)) exported.push(command);
    commands.push(result);
    const same =
      scrub(result.output) === scrub(expected.output) && result.exitCode === expected.exitCode;
    if (same || values.update) passed += 1;
    else problems.push(difference(`docs/${page}:${block.line}`, expected, result));
  }
  return { line: block.line, commands };
}

function difference(where: string, expected: ConsoleCommand, result: ConsoleCommand): string {
  const lines = (label: string, one: ConsoleCommand) =>
    [scrub(one.output), `[exit ${one.exitCode}]`]
      .join('\n')
      .split('\n')
      .map((line) => `  ${label} ${line}`)
      .join('\n');
  return `${where}: $ ${expected.command}\n${lines('page ', expected)}\n${lines('found', result)}`;
}
