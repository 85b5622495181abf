import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { MigrateError } from './errors.ts';

/** What squawk says about a place in a file. */
export interface SquawkFinding {
  readonly rule: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
  readonly help: string | undefined;
}

/** Rules that don't fail a migration here, and why. */
const LEFT_OUT = {
  'require-lock-timeout': 'the runner sets it, as an option of the connection',
  'require-statement-timeout': 'the same',
  'prefer-text-field': 'a matter of taste that locks nobody out',
  'prefer-bigint-over-int': 'the same',
  'prefer-bigint-over-smallint': 'the same',
  'prefer-identity': 'the same',
  'prefer-timestamp-tz': 'the same; the schema has no others',
};

/**
 * Asks squawk about one file.
 *
 * @param inTransaction whether the file's statements run in one transaction.
 * @throws MigrateError `LINTER_FAILED` when squawk isn't there or can't read the file.
 * @example
 * await runSquawk('drop table workflows;', true); // [{rule: 'ban-drop-table', line: 1, ...}]
 */
export async function runSquawk(sql: string, inTransaction: boolean): Promise<SquawkFinding[]> {
  const args = [
    '--reporter=json',
    '--pg-version=14',
    `--exclude=${Object.keys(LEFT_OUT).join(',')}`,
    ...(inTransaction ? ['--assume-in-transaction'] : []),
  ];
  const output = await run(squawkBinary(), args, sql);
  let found: { rule_name: string; line: number; message: string; help: string | null }[];
  try {
    found = JSON.parse(output.stdout);
  } catch (cause) {
    throw failed(output.stderr.trim() || `it ended with ${output.exitCode}`, cause);
  }
  return found.map(({ rule_name: rule, line, message, help }) => ({
    rule,
    line: line + 1,
    message,
    help: help ?? undefined,
  }));
}

/** The program itself: npm's wrapper around it takes twenty times as long. */
function squawkBinary(): string {
  try {
    const { resolve } = createRequire(
      createRequire(import.meta.url).resolve('squawk-cli/package.json'),
    );
    const suffix = process.platform === 'win32' ? '.exe' : '';
    return resolve(`@squawk-cli/${process.platform}-${process.arch}/bin/squawk${suffix}`);
  } catch (cause) {
    throw failed(`it isn't installed for ${process.platform}-${process.arch}`, cause);
  }
}

function run(program: string, args: readonly string[], input: string) {
  return new Promise<{ stdout: string; stderr: string; exitCode: number | null }>(
    (resolve, reject) => {
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text) => {
        stderr += text;
      });
      child.once('error', (cause) => reject(failed('it could not be started', cause)));
      child.once('close', (exitCode) => resolve({ stdout, stderr, exitCode }));
      child.stdin.on('error', () => {}).end(input);
    },
  );
}

function failed(why: string, cause: unknown): MigrateError {
  return new MigrateError('LINTER_FAILED', `squawk, which reads the migrations, failed: ${why}.`, {
    suggestions: ['Install the dependencies again, with optional ones.'],
    cause,
  });
}
