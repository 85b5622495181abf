import {
  type ApplyOptions,
  type ApplyStep,
  applyMigrations,
  claimDatabase,
  type LegacyTable,
  readLegacyTables,
} from '@spire/migrate';
import type { SpireDBConnector } from '@spire/sdk';
import { currentActor } from './current-actor.ts';
import { withSession } from './with-session.ts';

/** What was done to an environment's database. */
export interface Migrated {
  /** The tags that were applied. */
  readonly applied: string[];
  /** What became of the rows of Alembic's tables, where that was decided now. */
  readonly legacy: LegacyTable[];
}

/**
 * Applies what is pending and claims the database for its environment. The connector's pool should be
 * `direct`.
 *
 * @throws MigrateError
 */
export async function migrateEnvironment(
  spire: SpireDBConnector,
  toolVersion: string,
  options: Omit<ApplyOptions, 'actor'> & { onStep?: (step: ApplyStep) => void } = {},
): Promise<Migrated> {
  return withSession(spire, async (client) => {
    const applied = await applyMigrations(client, {
      ...options,
      actor: currentActor(toolVersion),
    });
    await claimDatabase(client, spire.environment.name);
    const legacy = applied.length > 0 ? await readLegacyTables(client) : [];
    const decided = applied.some(({ tag }) => tag === '0001_quarantine');
    return {
      applied: applied.map(({ tag }) => tag),
      legacy: decided ? legacy.filter(({ found }) => found > 0) : [],
    };
  });
}
