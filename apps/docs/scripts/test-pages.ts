import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { brokenLinks } from './broken-links.ts';
import { choosePages } from './choose-pages.ts';
import {
  type ConsoleBlock,
  type ConsoleCommand,
  consoleBlocks,
  withBlocks,
} from './console-blocks.ts';
import { coverageProblems, manifestCommands } from './documented-commands.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import { scrub } from './scrub.ts';

// Runs every `console` block of docs/ on an empty home and compares what it prints. Pages that are named, such
// as guides/psql, run alone. --update writes what was printed into the pages.

const root = join(import.meta.dirname, '..', '..', '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { update: { type: 'boolean', default: false } },
});
const pages = choosePages(
  globSync('**/*.md', { cwd: join(root, 'docs') }).map((name) => name.replaceAll(sep, '/')),
  positionals,
)
  .map((name) => ({ name, file: join(root, 'docs', name) }))
  .map((page) => ({ ...page, markdown: readFileSync(page.file, 'utf8') }));

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
    for (const block of blocks) printed.push(await runBlock(sandbox, name, block));
    if (values.update && blocks.length > 0) writeFileSync(file, withBlocks(markdown, printed));
    for (const target of brokenLinks(file, markdown)) {
      problems.push(`docs/${name}: the link to ${target} leads nowhere`);
    }
  }
} finally {
  await sandbox.end();
}
const lines = pages.flatMap(({ markdown }) =>
  consoleBlocks(markdown).flatMap((block) => block.commands.map(({ command }) => command)),
);
if (positionals.length === 0) problems.push(...coverageProblems(lines, manifestCommands(root)));

for (const problem of problems) console.error(`\n${problem}`);
console.log(`\n${passed} passed, ${problems.length} failed`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function runBlock(box: Sandbox, page: string, block: ConsoleBlock): Promise<ConsoleBlock> {
  const commands: ConsoleCommand[] = [];
  for (const expected of block.commands) {
    const result = { command: expected.command, ...(await box.run(expected.command)) };
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
