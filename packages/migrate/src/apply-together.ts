import type { MigrationFile } from '@spire/schema';
import { prepareForFile } from './apply-migrations.ts';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';
import { type Actor, recordMigration } from './ledger.ts';
import { sourceExcerpt } from './source-excerpt.ts';

/**
 * Applies migrations in the transaction that runs already, all or nothing: for tables that nobody works
 * with yet. What a file would do beside others' work (`concurrently`) is done at once.
 *
 * @throws MigrateError `MIGRATION_FAILED`, and the transaction has failed.
 */
export async function applyTogether(
  client: Client,
  files: readonly MigrationFile[],
  actor: Actor,
): Promise<void> {
  for (const file of files) {
    await prepareForFile(client);
    const started = performance.now();
    for (const [index, statement] of file.statements.entries()) {
      const sql = file.transactional ? statement : statement.replace(/\bconcurrently\b/i, '');
      await client.query(sql).catch((cause) => {
        const { message, position = '1', code } = cause as Record<string, string | undefined>;
        throw new MigrateError(
          'MIGRATION_FAILED',
          `Migration ${file.tag} failed: ${message} (${code ?? 'no SQLSTATE'})\n${sourceExcerpt(file, index, Number(position))}`,
          { suggestions: ['Nothing was changed.'], cause },
        );
      });
    }
    // What one made for itself is gone before the next one begins.
    await client.query('discard temp');
    await recordMigration(client, file, actor, performance.now() - started);
  }
}
