import { randomBytes } from 'node:crypto';
import { readMajor } from '@spire/migrate';
import { type CopiedTable, fillIncoming } from './fill-incoming.ts';
import { countWorkflows, type RowFilter, requireDay } from './filter.ts';
import { type Head, readHead } from './head.ts';
import { setMaskSecret } from './masking/mask-secret.ts';
import type { MaskTerms } from './masking/mask-terms.ts';
import { requireClassified } from './masking/require-classified.ts';
import { selectOf } from './masking/select-of.ts';
import type { Receipt } from './receipt.ts';
import { type Replacement, type ReplaceOptions, replaceTables } from './replace-tables.ts';
import { requireReadable } from './require-readable.ts';
import { requireOther } from './require-target.ts';
import type { Session, Side } from './session.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { readStructure, type TableStructure } from './structure.ts';
import { type TargetSessions, withTarget } from './target-sessions.ts';

/** How rows are moved. */
export interface CopyOptions extends ReplaceOptions {
  /** What takes the place of the source's own host and the like in job configs. */
  readonly target: MaskTerms['target'];
  /** What the source calls its own, to be found in any text. Default: only by the names it has in job configs. */
  readonly own?: MaskTerms['own'];
  /** Whether workflows stay enabled and their schedules run. Default: false. */
  readonly live?: boolean;
  /** What the masks' values depend on: the same gives the same. Default: another one each time. */
  readonly maskSecret?: string;
  /** How many tables or indexes at once; each takes a session on both sides. Default: 4. */
  readonly jobs?: number;
  /** Which rows come. Default: all. */
  readonly filter?: RowFilter;
}

const JOBS = 4;

/**
 * Copies what the source holds at one moment, masked, into the place of the target's tables.
 *
 * @param decide what becomes of the target, by the source's migrations; it throws where the two don't fit.
 */
export async function copyInto(
  source: Side,
  target: Side,
  options: CopyOptions,
  decide: (
    source: Head,
    control: Session,
  ) => Promise<Pick<Replacement, 'kind' | 'replaced' | 'complete'>>,
): Promise<Receipt> {
  const { filter } = options;
  if (filter?.since !== undefined) requireDay(filter.since);
  return withTarget(target, options.signal, async (sessions) => {
    const { control } = sessions;
    // No migration of what is copied can end from here on, so that the head is that of the rows.
    await using snapshot = await openSnapshot(source.sessions);
    const head = await readSource(source, target, control);
    const decided = await decide(head, control);
    const tables = await readStructure(snapshot.session);
    requireClassified(tables);
    await requireReadable(snapshot.session, source.environment, tables);
    if (filter?.workflows !== undefined) {
      await countWorkflows(snapshot.session, source.environment, filter.workflows);
    }
    const fill = () => fillFrom(snapshot, sessions, tables, options);
    const replacement = { ...decided, source: source.environment, tables, fill };
    return await replaceTables(sessions, target.environment, replacement, options);
  });
}

async function readSource(source: Side, target: Side, control: Session): Promise<Head> {
  const session = await source.sessions.connect();
  try {
    const names = { source: source.environment, target: target.environment };
    await requireOther(session, control, names);
    return await readHead(session, source.environment);
  } finally {
    session.release(true);
  }
}

async function fillFrom(
  snapshot: Snapshot,
  target: TargetSessions,
  tables: readonly TableStructure[],
  options: CopyOptions,
): Promise<CopiedTable[]> {
  const { jobs = JOBS, live = false, filter, onStep, signal } = options;
  const { maskSecret = randomBytes(32).toString('hex') } = options;
  const terms = { target: options.target, own: options.own, live, filter };
  const sameMajor = (await readMajor(snapshot.session)) === (await readMajor(target.control));
  return fillIncoming(snapshot, target, tables, {
    select: (table) => selectOf(table, terms),
    prepare: (session) => setMaskSecret(session, maskSecret),
    // How Postgres sends a type may change between majors; how it writes it doesn't.
    format: sameMajor ? 'binary' : 'text',
    jobs,
    onStep,
    signal,
  });
}
