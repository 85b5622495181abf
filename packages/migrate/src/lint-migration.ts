import type { MigrationFile } from '@spire/schema';
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
  const { tag, sql } = file;
  const allowances = findAllowances(sql);
  const risks = (await runSquawk(sql, file.transactional)).filter(
    ({ rule, line }) =>
      !allowances.some(
        ({ rules, reason, from, to }) =>
          reason && rules.includes(rule) && line >= from && line <= to,
      ),
  );
  return [...ownFindings(file, allowances), ...risks]
    .map((finding) => ({ tag, ...finding }))
    .sort((one, other) => one.line - other.line);
}

type Finding = Omit<LintFinding, 'tag'>;

/** Which rules need not be kept, and on which lines. */
interface Allowance {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly from: number;
  readonly to: number;
}

function findAllowances(sql: string): Allowance[] {
  const lines = sql.split('\n');
  const firstStatement = lines.findIndex((line) => !/^\s*(--(?!>).*)?$/.test(line));
  return lines.flatMap((line, index) => {
    const found = /^\s*-- spire:allow\s+([\w,\s-]*?)\s*(?:reason=(.*))?$/.exec(line);
    if (!found) return [];
    const [, rules = '', reason = ''] = found;
    const end = lines.findIndex(
      (text, at) => at > index && text.startsWith('--> statement-breakpoint'),
    );
    return {
      rules: rules.split(/[\s,]+/),
      reason: reason.trim(),
      from: index + 1,
      to: index < firstStatement || end < 0 ? lines.length : end + 1,
    };
  });
}

function ownFindings(file: MigrationFile, allowances: readonly Allowance[]): Finding[] {
  const unknown = file.sql.split('\n').flatMap((line, index): Finding[] => {
    const [, name] = /^\s*-- spire:([\w-]+)/.exec(line) ?? [];
    if (!name || DIRECTIVES.includes(name)) return [];
    const known = DIRECTIVES.map((one) => `spire:${one}`).join(', ');
    return [
      {
        rule: 'unknown-directive',
        line: index + 1,
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
  return [...unknown, ...unexplained, ...reverseFindings(file), ...aloneFindings(file)];
}

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

function aloneFindings({ transactional, statements, sql }: MigrationFile): Finding[] {
  if (transactional) {
    const line = sql.split('\n').findIndex((text) => /^[^-]*\bconcurrently\b/i.test(text)) + 1;
    if (line === 0) return [];
    return [
      {
        rule: 'concurrently-in-transaction',
        line,
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
