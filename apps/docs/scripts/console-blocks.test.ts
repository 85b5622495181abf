import { expect, it } from 'vitest';
import { consoleBlocks, hasIndentedBlock, withBlocks } from './console-blocks.ts';

const page = `# Title

\`\`\`console
$ spire one
first
second
$ spire two
[exit 4]
\`\`\`

\`\`\`sh
$ not this
\`\`\`
`;

it('finds commands, their output and their exit code', () => {
  expect(consoleBlocks(page)).toEqual([
    {
      line: 3,
      commands: [
        { command: 'spire one', output: 'first\nsecond', exitCode: 0 },
        { command: 'spire two', output: '', exitCode: 4 },
      ],
    },
  ]);
});

it('writes them back as they were', () => {
  expect(withBlocks(page, consoleBlocks(page))).toBe(page);
});

it('writes a new output into its place and nothing else', () => {
  const [block] = consoleBlocks(page);
  const commands = (block?.commands ?? []).map((one) => ({ ...one, output: 'new' }));
  expect(withBlocks(page, [{ line: 3, commands }])).toBe(
    page.replace('first\nsecond', 'new').replace('two\n[exit', 'two\nnew\n[exit'),
  );
});

it('tells that a block is indented', () => {
  expect(hasIndentedBlock(page)).toBe(false);
  expect(hasIndentedBlock('1. first\n\n   ```console\n   $ spire one\n   ```\n')).toBe(true);
});
