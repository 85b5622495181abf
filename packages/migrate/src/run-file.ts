import type { MigrationFile } from '@spire/schema';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';
import { invalidIndexesIn } from './invalid-indexes.ts';
import { sourceExcerpt } from './source-excerpt.ts';
import { readSql } from './sql-text.ts';

/** Statements of a migration, in one direction. */
export interface Script {
  readonly tag: string;
  /** The file that they come from. */
  readonly sql: string;
  readonly statements: readonly string[];
}

/**
 * Runs statements and what is recorded about them in one transaction.
 *
 * @param record called after the statements, in their transaction.
 * @param onStatement told of each statement that is done, by its index.
 * @throws MigrateError `MIGRATION_FAILED` with statement, line and Postgres' words; `OUTCOME_UNKNOWN`.
 */
export async function runInTransaction(
  client: Client,
  script: Script,
  record: () => Promise<void>,
  onStatement?: (index: number) => unknown,
): Promise<void> {
  requireOneTransaction(script);
  let running: number | 'record' | 'commit' = 'record';
  await client.query('begin');
  try {
    for (const [index, statement] of script.statements.entries()) {
      running = index;
      await client.query(statement);
      await onStatement?.(index);
    }
    running = 'record';
    await record();
    running = 'commit';
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    if (running === 'commit' && isConnectionLoss(error)) throw outcomeUnknown(script, error);
    throw failure(
      script,
      'and was rolled back',
      typeof running === 'number' ? running : undefined,
      error,
    );
  }
}

const CONTROL =
  /(?:^|;)\s*(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i;

/** A file that ends the transaction it runs in could be half applied, and nobody would know. */
function requireOneTransaction(script: Script): void {
  const index = script.statements.findIndex((statement) => CONTROL.test(readSql(statement).code));
  if (index < 0) return;
  const [, word = ''] = CONTROL.exec(readSql(script.statements[index] ?? '').code) ?? [];
  throw new MigrateError(
    'MIGRATION_FAILED',
    `Migration ${script.tag} wasn't run: it has ${word.toUpperCase()} of its own.\n${sourceExcerpt(script, index, 1)}`,
    { suggestions: ['Each file is a transaction already: leave that out.'] },
  );
}

/**
 * Runs the one statement of a file that can't run in a transaction, such as `CREATE INDEX CONCURRENTLY`.
 * What is recorded about it comes after, so the statement has to bear being run again (`IF NOT EXISTS`).
 *
 * @param dropInvalid whether an invalid index that the statement names, left behind by an earlier
 * attempt, is dropped first.
 * @throws MigrateError `INDEX_INVALID`, `MIGRATION_FAILED`.
 */
export async function runAlone(
  client: Client,
  file: MigrationFile,
  dropInvalid: boolean,
): Promise<void> {
  const [statement = '', ...others] = file.statements;
  if (others.length > 0) {
    throw new MigrateError(
      'MIGRATION_FAILED',
      `Migration ${file.tag} says no-transaction and has ${file.statements.length} statements; it may have one.`,
      { suggestions: ['Give each statement a migration of its own.', 'Nothing of it was run.'] },
    );
  }
  const left = await invalidIndexesIn(client, statement);
  if (left.length > 0 && !dropInvalid) throw indexInvalid(file, left);
  for (const index of left) await client.query(`drop index concurrently ${index}`);
  // It waits for every older transaction, and nobody waits behind it.
  const patient = /\bconcurrently\b/i.test(statement);
  if (patient) {
    await client.query('set lock_timeout = 0');
    await client.query('set statement_timeout = 0');
  }
  try {
    // The extended protocol takes one statement only.
    await client.query({ text: statement, queryMode: 'extended' });
  } catch (error) {
    const broken = isConnectionLoss(error) ? [] : await invalidIndexesIn(client, statement);
    throw failure(
      file,
      broken.length > 0
        ? `and left an invalid index, ${broken.join(', ')}`
        : 'outside a transaction',
      0,
      error,
    );
  } finally {
    if (patient) {
      await client.query('reset lock_timeout').catch(() => {});
      await client.query('reset statement_timeout').catch(() => {});
    }
  }
  const broken = await invalidIndexesIn(client, statement);
  if (broken.length > 0) throw indexInvalid(file, broken);
}

function indexInvalid(file: MigrationFile, indexes: readonly string[]): MigrateError {
  return new MigrateError(
    'INDEX_INVALID',
    `Migration ${file.tag} was interrupted before: ${indexes.join(', ')} is invalid, and Postgres doesn't use it.`,
    {
      suggestions: [
        'Let it be dropped and built anew: spire migrate up --drop-invalid-indexes',
        'Nothing was changed.',
      ],
    },
  );
}

/** A session that ended has no SQLSTATE, or one of class 08 or 57P. Every SQLSTATE has a digit, `EPIPE` has none. */
export function isConnectionLoss(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return !/^(?=.*\d)[0-9A-Z]{5}$/.test(code) || code.startsWith('08') || code.startsWith('57P');
}

function outcomeUnknown({ tag }: Script, cause: unknown): MigrateError {
  return new MigrateError(
    'OUTCOME_UNKNOWN',
    `The connection was lost while ${tag} was committed: it is either applied as a whole or not at all.`,
    {
      suggestions: [
        'See which: spire migrate status',
        'Or run this again: it goes on where it stopped.',
      ],
      cause,
    },
  );
}

/** @param index of the statement that failed; undefined: what follows them, such as the commit. */
function failure(
  script: Script,
  outcome: string,
  index: number | undefined,
  error: unknown,
): MigrateError {
  const { message, position, code, hint } = error as Record<string, string | undefined>;
  const excerpt =
    index === undefined ? '' : `\n${sourceExcerpt(script, index, Number(position ?? 1))}`;
  return new MigrateError(
    'MIGRATION_FAILED',
    `Migration ${script.tag} failed ${outcome}: ${message} (${code ?? 'no SQLSTATE'})${excerpt}`,
    {
      suggestions: [...(hint ? [hint] : []), 'The migrations before it stay applied.'],
      cause: error,
    },
  );
}
