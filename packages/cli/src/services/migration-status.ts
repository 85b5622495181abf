import type { ResolvedEnvironment } from '@spire/access';
import {
  type Client,
  describeProblem,
  planMigrations,
  readAlembicHeads,
  readFingerprint,
  readLedger,
} from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import type { SpireDBConnector } from '@spire/sdk';
import { type ErrorReport, reportOf } from '../render/error.ts';
import { connectBriefly, tookTooLong } from './brief-look.ts';
import { inTime } from './in-time.ts';
import { withSession } from './with-session.ts';

/** How far an environment's database is migrated. */
export interface MigrationStatus {
  readonly environment: string;
  readonly claimedAs: string | null;
  /** The newest applied migration. */
  readonly version: string | null;
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Where ledger and files don't fit, in words. */
  readonly problems: readonly string[];
  /** The revisions that Alembic names, where Spire hasn't adopted the database yet. */
  readonly alembic: readonly string[] | null;
  /** Why the database couldn't be asked. */
  readonly problem: ErrorReport | null;
}

/** Reads how far an environment's database is migrated. */
export function readMigrationStatus(spire: SpireDBConnector): Promise<MigrationStatus> {
  return withSession(spire, (client) => migrationStatusOf(client, spire.environment.name));
}

/** The same on a session that is there. */
export async function migrationStatusOf(
  client: Client,
  environment: string,
): Promise<MigrationStatus> {
  const plan = planMigrations(migrationFiles(), await readLedger(client));
  const heads = plan.applied.length === 0 ? await readAlembicHeads(client) : undefined;
  return {
    environment,
    claimedAs: (await readFingerprint(client)) ?? null,
    version: plan.applied.at(-1)?.tag ?? null,
    applied: plan.applied.map(({ tag }) => tag),
    pending: plan.pending.map(({ tag }) => tag),
    problems: plan.problems.map(describeProblem),
    alembic: heads ?? null,
    problem: null,
  };
}

/** How long one environment may take, so that a dead one doesn't hold up the others. */
const LOOK_MILLIS = 3000;

/** The same for an environment among others; never throws. */
export async function lookAtMigrations(environment: ResolvedEnvironment): Promise<MigrationStatus> {
  const { name } = environment;
  try {
    return await inTime(connectAndRead(environment), LOOK_MILLIS, () =>
      tookTooLong(environment, LOOK_MILLIS),
    );
  } catch (error) {
    return {
      environment: name,
      claimedAs: null,
      version: null,
      applied: [],
      pending: [],
      problems: [],
      alembic: null,
      problem: reportOf(error),
    };
  }
}

async function connectAndRead(environment: ResolvedEnvironment): Promise<MigrationStatus> {
  await using spire = await connectBriefly(environment, LOOK_MILLIS, 'spire migrate status');
  return await readMigrationStatus(spire);
}
