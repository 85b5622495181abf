import { expect, it } from 'vitest';
import { withSnippets } from './snippets.ts';

const source = `import { a } from 'a';
// #region use
import { b } from 'b';
// #endregion

test('x', () => {
  // #region use
  if (a) {
    b();
  }
  // #endregion
});
`;
const read = (file: string) => (file === 'x.ts' ? source : undefined);
const page = (info: string) => `# Title\n\n\`\`\`ts${info}\nold\n\`\`\`\n`;

it('takes the parts of a source into a page, and leaves one that has them as it is', () => {
  const written = withSnippets(page(' file=x.ts region=use'), read);
  expect(written).toBe(
    "# Title\n\n```ts file=x.ts region=use\nimport { b } from 'b';\n\nif (a) {\n  b();\n}\n```\n",
  );
  expect(withSnippets(written, read)).toBe(written);
});

it.each([
  [' file=x.ts region=gone', 'x.ts has no region gone.'],
  [' file=y.ts region=use', 'y.ts has no region use.'],
  ['', 'has to name where it comes from'],
])('refuses "ts%s"', (info, problem) => {
  expect(() => withSnippets(page(info), read)).toThrow(problem);
});
