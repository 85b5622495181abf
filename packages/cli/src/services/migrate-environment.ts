import { userInfo } from 'node:os';
import {
  applyMigrations,
  claimDatabase,
  type MigrationPlan,
  planMigrations,
  readFingerprint,
  readLedger,
} from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import type { SpireDBConnector } from '@spire/sdk';

/** A database beside the migrations of this version. */
export interface MigrationState {
  readonly plan: MigrationPlan;
  /** The environment that the database says it is. */
  readonly claimedAs: string | undefined;
}

/** Compares an environment's database with the migrations of this version. */
export async function inspectMigrations(spire: SpireDBConnector): Promise<MigrationState> {
  const client = await spire.pool.connect();
  try {
    const claimedAs = await readFingerprint(client);
    return { plan: planMigrations(migrationFiles(), await readLedger(client)), claimedAs };
  } finally {
    client.release();
  }
}

/**
 * Applies what is pending and claims the database for its environment.
 *
 * @param onApplied told of each migration with its milliseconds.
 * @returns the tags that were applied.
 * @throws MigrateError
 */
export async function migrateEnvironment(
  spire: SpireDBConnector,
  toolVersion: string,
  onApplied?: (tag: string, millis: number) => void,
): Promise<string[]> {
  const { name } = spire.environment;
  const client = await spire.pool.connect();
  try {
    // A migration may take longer than a query of the domain; its lock waits have a limit of their own.
    await client.query(`select set_config('statement_timeout', '0', false)`);
    const applied = await applyMigrations(client, {
      actor: { name: actorName(), toolVersion },
      ...(onApplied ? { onApplied: (file, millis) => onApplied(file.tag, millis) } : {}),
    });
    await claimDatabase(client, name);
    return applied.map((file) => file.tag);
  } finally {
    // Its settings differ from the pool's: it isn't given to anybody else.
    client.release(true);
  }
}

/** Who is doing this, as the system knows them. */
function actorName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
