import { type MigrationFile, parseMigration } from '@spire/schema';

/** A migration of a test: its place gives its name and its time. */
export const migration = (index: number, sql: string, down?: string): MigrationFile =>
  parseMigration(
    { tag: `${String(index).padStart(4, '0')}_x`, index, createdAt: 1000 + index },
    sql,
    down,
  );

/** Statements as a migration's text. */
export const statements = (...sql: string[]) => sql.join('\n--> statement-breakpoint\n');
