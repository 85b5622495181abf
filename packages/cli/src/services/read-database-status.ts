import type { Client } from '@spire/migrate';
import type { SpireDBConnector } from '@spire/sdk';
import { type DatabaseStatus, readDatabaseStatus } from '@spire/transfer';
import { type MigrationStatus, migrationStatusOf } from './migration-status.ts';
import { withSession } from './with-session.ts';

/** How large an environment's database is, who uses it, and what Spire wrote into it. */
export interface SpireDatabaseStatus extends DatabaseStatus {
  readonly environment: string;
  /** Null where this role may not read it. */
  readonly spire: Pick<MigrationStatus, 'claimedAs' | 'version' | 'pending' | 'alembic'> | null;
}

/** Reads how an environment's database is. */
export function readSpireDatabaseStatus(spire: SpireDBConnector): Promise<SpireDatabaseStatus> {
  const { name } = spire.environment;
  return withSession(spire, async (client) => ({
    environment: name,
    spire: await whatSpireWrote(client, name),
    ...(await readDatabaseStatus(client)),
  }));
}

async function whatSpireWrote(client: Client, environment: string) {
  try {
    const found = await migrationStatusOf(client, environment);
    const { claimedAs, version, pending, alembic } = found;
    return { claimedAs, version, pending, alembic };
  } catch (error) {
    // Whoever may look at the server need not be let into Spire's own schemas.
    if ((error as { code?: string }).code === '42501') return null;
    throw error;
  }
}
