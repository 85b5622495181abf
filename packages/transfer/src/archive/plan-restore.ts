import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type Client,
  MigrateError,
  readAlembicHeads,
  readFingerprint,
  readLedger,
} from '@spire/migrate';
import type { Replaced } from '../swap.ts';
import type { VerifiedArchive } from './verify-archive.ts';

/** What restoring one archive into one database would do. */
export interface RestorePlan {
  /** `everything` where other migrations were applied than in the archive. */
  readonly replaced: Replaced;
  /** Twelve hexadecimal digits that name exactly this archive and exactly this state of the database's migrations. */
  readonly hash: string;
}

/** Plans to put an archive in the place of what an environment's database has. */
export async function planRestore(
  client: Client,
  environment: string,
  { header, checksums }: VerifiedArchive,
): Promise<RestorePlan> {
  const ledger = (await readLedger(client)).map(({ tag = null, hash, createdAt }) => ({
    tag,
    hash,
    createdAt,
  }));
  const alembic = (await readAlembicHeads(client)) ?? null;
  const claim = await readFingerprint(client);
  const isAtHead = isDeepStrictEqual([ledger, alembic], [header.ledger, header.alembic]);
  return {
    replaced: isAtHead ? 'tables' : 'everything',
    hash: createHash('sha256')
      .update(JSON.stringify([environment, claim ?? null, ledger, alembic, checksums]))
      .digest('hex')
      .slice(0, 12),
  };
}

/**
 * Lets only the plan pass that was reviewed.
 *
 * @throws MigrateError `PLAN_CHANGED`
 */
export async function requirePlanned(
  client: Client,
  environment: string,
  archive: VerifiedArchive,
  reviewed: RestorePlan,
): Promise<void> {
  const { hash } = await planRestore(client, environment, archive);
  if (hash === reviewed.hash) return;
  throw new MigrateError(
    'PLAN_CHANGED',
    `The plan ${reviewed.hash} isn't what would be done now: the migrations of ${environment} have moved.`,
    { suggestions: ['Call it again, and review what it says.', 'Nothing was changed.'] },
  );
}
