import { EXIT } from '../../../../packages/cli/src/exit-codes.ts';
import type { ErrorCode } from './error-codes.ts';

/**
 * The page of all codes: a heading each, so that an error's `ref` leads to it.
 *
 * @param codes in the order of the alphabet.
 * @param exitCodeOf the exit code of the command for a code.
 */
export function errorsPage(
  codes: readonly ErrorCode[],
  exitCodeOf: (code: string) => number,
): string {
  const sections = [...Map.groupBy(codes, ({ code }) => code)].map(([code, meanings]) =>
    [
      `## ${code}`,
      ...meanings.map((one) => paragraph(one, meanings.length > 1)),
      `${meanings.map((one) => `\`@spire/${one.package}\``).join(', ')}, [exit code ${exitCodeOf(code)}](exit-codes.md).`,
    ].join('\n\n'),
  );
  return `# Errors

Every error has a code that stays, says what happened and where, and what to do next. Its last line on the command
line, and the field \`ref\` with \`--json\`, lead here. Programs compare the code, never the message.

${sections.join('\n\n')}
`;
}

function paragraph({ package: name, meaning, helps }: ErrorCode, isOneOfMany: boolean): string {
  return `${isOneOfMany ? `From \`@spire/${name}\`: ` : ''}${meaning}\n\n**What helps:** ${helps}`;
}

/** The table of the exit codes that errors give, for the page about exit codes. */
export function exitCodesTable(
  codes: readonly ErrorCode[],
  exitCodeOf: (code: string) => number,
): string {
  const names = [...new Set(codes.map(({ code }) => code))];
  const byExit = [...Map.groupBy(names, exitCodeOf)].sort(([one], [other]) => one - other);
  const link = (code: string) => `[\`${code}\`](errors.md#${code.toLowerCase()})`;
  return [
    '| code | errors that give it |',
    '|---|---|',
    ...byExit.map(
      ([exit, those]) =>
        `| ${exit} | ${exit === EXIT.failed ? '[all others](errors.md)' : those.map(link).join(', ')} |`,
    ),
  ].join('\n');
}

/** @throws Error when the page explains an exit code that no call gives, or lacks one. */
export function requireExitCodes(markdown: string): void {
  const explained = [...markdown.matchAll(/^\| (\d+) \|/gm)].map((match) => Number(match[1]));
  const given = [0, ...Object.values(EXIT)];
  const wrong = [...explained, ...given].find(
    (code) => !(explained.includes(code) && given.includes(code)),
  );
  if (wrong === undefined) return;
  throw new Error(
    `exit code ${wrong} isn't both on the page and in packages/cli/src/exit-codes.ts`,
  );
}
