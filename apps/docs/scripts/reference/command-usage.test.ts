import { expect, it } from 'vitest';
import type { ManifestCommand } from '../manifest.ts';
import { undescribed, withUsages } from './command-usage.ts';

const get: ManifestCommand = {
  words: 'workflows get',
  args: [{ name: 'workflow', description: 'name or id' }],
  flags: [
    { name: 'environment', char: 'e', description: 'where', helpValue: 'NAME', type: 'option' },
    { name: 'from', description: 'source', required: true, type: 'option' },
    { name: 'keep', description: 'days', default: 7, helpValue: 'N', type: 'option' },
    { name: 'backup', description: 'first', allowNo: true, exclusive: ['from'], type: 'boolean' },
  ],
  strict: true,
};

const page = `# spire workflows

## spire workflows get

Shows one.

## Another
`;

const written = `# spire workflows

## spire workflows get

Shows one.

<!-- usage -->

\`\`\`text
spire workflows get [WORKFLOW] --from VALUE [FLAGS]
\`\`\`

| argument or flag | |
|---|---|
| \`WORKFLOW\` | name or id |
| \`-e, --environment NAME\` | where |
| \`--from VALUE\` | source; required |
| \`--keep N\` | days; default \`7\` |
| \`--[no-]backup\` | first; not with \`--from\` |
| \`--json\` | print one object on stdout |

<!-- /usage -->

## Another
`;

it('ends the section of a command with its arguments and flags, once', () => {
  expect(withUsages(page, [get])).toBe(written);
  expect(withUsages(written, [get])).toBe(written);
  expect(withUsages(written.replace('`--keep N` | days', '`--gone` | x'), [get])).toBe(written);
});

it('names a command without a heading', () => {
  expect(undescribed([page], [get, { ...get, words: 'status' }])).toEqual(['status']);
});
