import { expect, it } from 'vitest';
import { headings } from './headings.ts';

const page = `# spire db

\`\`\`console
$ spire db status
# no heading
\`\`\`

## \`VAULT_DENIED\`
### What comes, and [why](why.md)?
## Flags
## Flags
`;

it('finds headings with their anchors, and none in a code block', () => {
  expect(headings(page).map(({ line, level, anchor }) => [line, level, anchor])).toEqual([
    [1, 1, 'spire-db'],
    [8, 2, 'vault_denied'],
    [9, 3, 'what-comes-and-why'],
    [10, 2, 'flags'],
    [11, 2, 'flags-1'],
  ]);
});
