import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A migration's place in the journal. */
export interface JournalEntry {
  /** The file's name without `.sql`, such as `0000_baseline`. */
  readonly tag: string;
  /** Its place in the journal, from 0. */
  readonly index: number;
  /** The journal's `when`: milliseconds since 1970. It rises with the index. */
  readonly createdAt: number;
}

/** One migration of the journal, with its SQL. */
export interface MigrationFile extends JournalEntry {
  /** The file's content. */
  readonly sql: string;
  /** SHA-256 of the content in hexadecimal, as drizzle's migrator writes it into its ledger. */
  readonly hash: string;
  /** The content cut at drizzle's statement breakpoints. */
  readonly statements: readonly string[];
  /** Whether it runs in a transaction; not where its header says `-- spire:no-transaction`. */
  readonly transactional: boolean;
  /** The statements that take it back, from `<tag>.down.sql` beside it. */
  readonly down?: readonly string[];
  /** Why nothing can take it back, where its header says `-- spire:irreversible <why>`. */
  readonly irreversible?: string;
}

/**
 * A migration from its text.
 *
 * @param down the text of the file that takes it back, if there is one.
 * @example
 * parseMigration({tag: '0012_x', index: 12, createdAt: 1795420800000}, 'create table x (id int);');
 */
export function parseMigration(entry: JournalEntry, sql: string, down?: string): MigrationFile {
  const directives = headerDirectives(sql);
  const irreversible = directives.get('irreversible');
  return {
    ...entry,
    sql,
    hash: createHash('sha256').update(sql).digest('hex'),
    statements: cut(sql),
    transactional: !directives.has('no-transaction'),
    ...(down === undefined ? {} : { down: cut(down) }),
    ...(irreversible === undefined ? {} : { irreversible }),
  };
}

/**
 * Reads all migrations, in order.
 *
 * @param folder of drizzle-kit's layout, ending in `/`. Default: the one of this package.
 * @throws Error of the file system when a file that the journal names is missing.
 * @example
 * for (const file of migrationFiles()) for (const statement of file.statements) await client.query(statement);
 */
export function migrationFiles(folder: URL = migrationsFolder()): MigrationFile[] {
  const path = fileURLToPath(folder);
  const read = (name: string) => readFileSync(path + name, 'utf8');
  // Asked once, not for each: most have no file that takes them back.
  const names = new Set(readdirSync(path));
  const journal = JSON.parse(read('meta/_journal.json'));
  return (journal.entries as { idx: number; tag: string; when: number }[]).map(
    ({ idx, tag, when }) => {
      const down = `${tag}.down.sql`;
      return parseMigration(
        { tag, index: idx, createdAt: when },
        read(`${tag}.sql`),
        names.has(down) ? read(down) : undefined,
      );
    },
  );
}

/** Where this package's migrations are. */
export function migrationsFolder(): URL {
  // Beside both src/ and dist/.
  return new URL('../migrations/', import.meta.url);
}

function cut(sql: string): string[] {
  return sql.split('--> statement-breakpoint').map((statement) => statement.trim());
}

/** What the comments say that a file begins with: `-- spire:<name> <text>`. */
function headerDirectives(sql: string): Map<string, string> {
  const [header = ''] = /^(\s*--(?!>).*\n?)*/.exec(sql) ?? [];
  return new Map(
    [...header.matchAll(/^\s*-- spire:([\w-]+)[ \t]*(.*)$/gm)].map(([, name = '', text = '']) => [
      name,
      text.trim(),
    ]),
  );
}
