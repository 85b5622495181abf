import type { MigrationFile } from '@spire/schema';
import { readSql, type SqlText } from './sql-text.ts';
import { runSquawk } from './squawk.ts';

/** Something in a migration that may hurt, or that is missing. */
export interface LintFinding {
  readonly tag: string;
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  /** What to do instead. */
  readonly help: string | undefined;
}

/** What was found, on one line. */
export function describeFinding({ rule, message, help }: LintFinding): string {
  return `${rule}: ${[message, help].filter(Boolean).join(' ')}`;
}

const DIRECTIVES = ['allow', 'irreversible', 'no-transaction'];

/**
 * Reads a migration for what may hurt a database in use (drops, rewrites, missing `CONCURRENTLY`, unsafe
 * constraints), and for what Spire asks of each. `-- spire:allow <rule>[,<rule>] reason=<why>` lets the
 * statement after it pass, or the whole file when it stands in its header.
 *
 * @throws MigrateError `LINTER_FAILED`
 * @example
 * for (const finding of await lintMigration(file)) console.log(finding.rule, finding.line);
 */
export async function lintMigration(file: MigrationFile): Promise<LintFinding[]> {
  const { tag } = file;
  // What stands behind a breakpoint on its line is run, though it looks like a comment.
  const sql = file.sql.replaceAll(BREAKPOINT, (found) => `;${' '.repeat(found.length - 1)}`);
  const text = readSql(sql);
  const allowances = findAllowances(file.sql, text);
  // Only Spire's own directive lets a rule pass: it has a reason.
  const found = await runSquawk(
    sql.replaceAll('squawk-ignore', 'squawk_ignore'),
    file.transactional,
  );
  const risks = [...found, ...removals(text), ...aloneFindings(file, text)].filter(
    ({ rule, line }) =>
      !allowances.some(
        ({ rules, reason, from, to }) =>
          reason && rules.includes(rule) && line >= from && line <= to,
      ),
  );
  return [...directiveFindings(text, allowances), ...reverseFindings(file), ...risks]
    .map((finding) => ({ tag, ...finding }))
    .sort((one, other) => one.line - other.line);
}

const BREAKPOINT = '--> statement-breakpoint';

type Finding = Omit<LintFinding, 'tag'>;

/** Which rules need not be kept, and on which lines. */
interface Allowance {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly from: number;
  readonly to: number;
}

function findAllowances(sql: string, { code, comments }: SqlText): Allowance[] {
  const lines = sql.split('\n');
  const firstStatement = code.split('\n').findIndex((line) => line.trim() !== '') + 1;
  return [...comments].flatMap(([line, comment]) => {
    const found = /^-- spire:allow\s+([\w,\s-]*?)\s*(?:reason=(.*))?$/.exec(comment);
    if (!found) return [];
    const [, rules = '', reason = ''] = found;
    const end = lines.findIndex((text, at) => at >= line && text.includes(BREAKPOINT)) + 1;
    return {
      rules: rules.split(/[\s,]+/),
      reason: reason.trim(),
      from: line,
      to: line < firstStatement || end === 0 ? lines.length : end,
    };
  });
}

function directiveFindings({ comments }: SqlText, allowances: readonly Allowance[]): Finding[] {
  const unknown = [...comments].flatMap(([line, comment]): Finding[] => {
    const [, name] = /^-- spire:([\w-]+)/.exec(comment) ?? [];
    if (!name || DIRECTIVES.includes(name)) return [];
    const known = DIRECTIVES.map((one) => `spire:${one}`).join(', ');
    return [
      {
        rule: 'unknown-directive',
        line,
        message: `There is no directive spire:${name}.`,
        help: `There are ${known}.`,
      },
    ];
  });
  const unexplained = allowances
    .filter(({ reason }) => reason === '')
    .map(({ from }) => ({
      rule: 'allowed-without-reason',
      line: from,
      message: 'A rule is set aside without a reason, so it still holds.',
      help: '-- spire:allow <rule> reason=<why it hurts nobody here>',
    }));
  return [...unknown, ...unexplained];
}

/** What squawk lets pass: rows and objects that are gone afterwards, and what can't be read. */
const REMOVALS: readonly (readonly [rule: string, pattern: RegExp, message: string])[] = [
  ['ban-truncate-table', /\btruncate\b/i, 'All rows of a table would be gone.'],
  [
    'delete-without-where',
    /\bdelete\s+from\b(?![^;]*\b(?:where|using)\b)/i,
    'All rows of a table would be gone.',
  ],
  [
    'ban-drop-object',
    /\bdrop\s+(?:schema|view|materialized|sequence|type|domain|function|procedure|extension|owned|policy|trigger|foreign)\b(?!\s+(?:if\s+exists\s+)?pg_temp\.)/i,
    'What uses it would break.',
  ],
  ['unread-block', /(?:^|;)\s*do\b/i, "What a DO block does isn't read."],
];

function removals({ code }: SqlText): Finding[] {
  return REMOVALS.flatMap(([rule, pattern, message]) =>
    [...code.matchAll(new RegExp(pattern, 'gi'))].map((found) => ({
      rule,
      line: lineOf(code, found.index + found[0].search(/[a-z]/i)),
      message,
      help: `If that is meant: -- spire:allow ${rule} reason=<why it hurts nobody here>`,
    })),
  );
}

const lineOf = (text: string, index: number) => text.slice(0, index).split('\n').length;

function reverseFindings({ tag, down, irreversible }: MigrationFile): Finding[] {
  if (down !== undefined || irreversible) return [];
  return [
    {
      rule: 'no-way-back',
      line: 1,
      message: 'Nothing says how to take this migration back.',
      help: `Write ${tag}.down.sql beside it, or begin it with: -- spire:irreversible <why>`,
    },
  ];
}

function aloneFindings({ transactional, statements }: MigrationFile, { code }: SqlText): Finding[] {
  if (transactional) {
    const index = code.search(/\bconcurrently\b/i);
    if (index < 0) return [];
    return [
      {
        rule: 'concurrently-in-transaction',
        line: lineOf(code, index),
        message: 'No transaction takes CONCURRENTLY.',
        help: 'Give it a migration of its own that begins with: -- spire:no-transaction',
      },
    ];
  }
  if (statements.length === 1) return [];
  return [
    {
      rule: 'one-statement-alone',
      line: 1,
      message: `A migration without a transaction has one statement; this one has ${statements.length}.`,
      help: 'Give each statement a migration of its own.',
    },
  ];
}
