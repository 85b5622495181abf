import type { MigrationFile } from '@spire/schema';
import { readAlembicHeads } from './alembic.ts';
import type { Client } from './client.ts';
import { MigrateError } from './errors.ts';

/**
 * What Alembic manages has the baseline's tables already, and has to be adopted before anything else.
 *
 * @param pending what is to be applied next.
 * @throws MigrateError `ADOPTION_REQUIRED`
 */
export async function requireAdopted(
  client: Client,
  pending: readonly MigrationFile[],
): Promise<void> {
  if (pending[0]?.tag !== '0000_baseline' || !(await readAlembicHeads(client))) return;
  throw new MigrateError(
    'ADOPTION_REQUIRED',
    'Alembic made this database, and Spire has to adopt it first.',
    {
      suggestions: [
        'See what that would do: spire migrate adopt --dry-run',
        'Nothing was changed.',
      ],
    },
  );
}
