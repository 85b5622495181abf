import { expect, it } from 'vitest';
import { exitCodeOf } from '../../../../packages/cli/src/exit-codes.ts';
import { reportOf } from '../../../../packages/cli/src/render/error.ts';
import { headings } from '../headings.ts';
import { readErrorCodes } from './error-codes.ts';
import { errorsPage, exitCodesTable, requireExitCodes } from './errors-page.ts';

const union = (members: string) => `/** What can go wrong. */
export type AccessErrorCode =
${members};

/** Not of a code. */
export class AccessError extends Error {}
`;
const source = union(`  /**
   * Vault refuses; it knows
   * the token. Helps: another token.
   */
  | 'VAULT_DENIED'
  /** Called wrongly. Helps: \`--help\`. */
  | 'USAGE'`);
const codes = readErrorCodes('access', source);

it('reads what each code means, and what helps', () => {
  expect(codes).toEqual([
    {
      code: 'VAULT_DENIED',
      package: 'access',
      meaning: 'Vault refuses; it knows the token.',
      helps: 'Another token.',
    },
    { code: 'USAGE', package: 'access', meaning: 'Called wrongly.', helps: '`--help`.' },
  ]);
});

it.each(["  | 'USAGE'", "  /** Called wrongly. */\n  | 'USAGE'"])('refuses %j', (members) => {
  expect(() => readErrorCodes('access', union(members))).toThrow(/USAGE needs a comment/);
});

it('gives every error the heading that its ref leads to', () => {
  const anchors = headings(errorsPage(codes, exitCodeOf)).map(({ anchor }) => anchor);
  for (const { code } of codes) {
    const { ref } = reportOf({ code, message: '', suggestions: [] });
    const [page, anchor] = ref.split('#');
    expect(page).toBe('reference/errors');
    expect(anchors).toContain(anchor);
  }
});

it('says which errors give an exit code', () => {
  expect(exitCodesTable(codes, exitCodeOf)).toContain(
    '| 4 | [`VAULT_DENIED`](errors.md#vault_denied) |',
  );
  const rows = [0, 1, 2, 3, 4, 5, 6, 130].map((code) => `| ${code} | x | |`);
  expect(() => requireExitCodes(rows.join('\n'))).not.toThrow();
  expect(() => requireExitCodes(rows.slice(1).join('\n'))).toThrow('exit code 0');
  expect(() => requireExitCodes([...rows, '| 7 | x | |'].join('\n'))).toThrow('exit code 7');
});
