import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One migration of the journal, with its SQL. */
export interface MigrationFile {
  /** The file's name without `.sql`, such as `0000_baseline`. */
  readonly tag: string;
  /** Its place in the journal, from 0. */
  readonly index: number;
  /** The journal's `when`: milliseconds since 1970. It rises with the index. */
  readonly createdAt: number;
  /** The file's content. */
  readonly sql: string;
  /** SHA-256 of the content in hexadecimal, as drizzle's migrator writes it into its ledger. */
  readonly hash: string;
  /** The content cut at drizzle's statement breakpoints. */
  readonly statements: readonly string[];
}

interface JournalEntry {
  readonly idx: number;
  readonly tag: string;
  readonly when: number;
}

/**
 * Reads all migrations of this package, in order.
 *
 * @throws Error of the file system when a file that the journal names is missing.
 * @example
 * for (const file of migrationFiles()) for (const statement of file.statements) await client.query(statement);
 */
export function migrationFiles(): MigrationFile[] {
  // Beside both src/ and dist/.
  const folder = new URL('../migrations/', import.meta.url);
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', folder), 'utf8'));
  return (journal.entries as JournalEntry[]).map(({ idx, tag, when }) => {
    const sql = readFileSync(new URL(`${tag}.sql`, folder), 'utf8');
    return {
      tag,
      index: idx,
      createdAt: when,
      sql,
      hash: createHash('sha256').update(sql).digest('hex'),
      statements: sql.split('--> statement-breakpoint').map((statement) => statement.trim()),
    };
  });
}
