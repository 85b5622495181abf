import { type MigrationPlan, planMigrations, readFingerprint, readLedger } from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import type { SpireDBConnector } from '@spire/sdk';
import { withSession } from './with-session.ts';

/** A database beside the migrations of this version. */
export interface MigrationState {
  readonly plan: MigrationPlan;
  /** The environment that the database says it is. */
  readonly claimedAs: string | undefined;
}

/** Compares an environment's database with the migrations of this version. */
export function inspectMigrations(spire: SpireDBConnector): Promise<MigrationState> {
  return withSession(spire, async (client) => {
    const claimedAs = await readFingerprint(client);
    return { plan: planMigrations(migrationFiles(), await readLedger(client)), claimedAs };
  });
}
