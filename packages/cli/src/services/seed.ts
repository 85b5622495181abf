import { createHash } from 'node:crypto';
import {
  datasets,
  history,
  jobConfigs,
  type NewHistory,
  STAGES,
  type Stage,
  schedules,
  tags,
  traitWorkflows,
  workflowDatasets,
  workflowJobConfigs,
  workflows,
  workflowTags,
} from '@spire/schema';
import type { Database, SpireDBConnector } from '@spire/sdk';
import {
  SEED_SUBJECTS,
  SEED_TAGS,
  SEED_VENDORS,
  type SeedVendor,
  seedDataset,
  seedJobConfigs,
  seedSchedule,
} from './seed-definitions.ts';

const WORKFLOWS_PER_VENDOR = 12;
const DAYS = 30;
const DAY_MILLIS = 24 * 3600 * 1000;
const RUN_STAGES: readonly Stage[] = STAGES.filter((stage) => stage !== 'postprocessing');

/** How much was written. */
export interface SeedReport {
  readonly workflows: number;
  readonly jobConfigs: number;
  readonly runs: number;
}

/**
 * Fills an empty database with practice data: 60 workflows of five vendors, their job configs,
 * schedules, tags, and 30 days of history up to yesterday. The same day gives the same rows.
 *
 * @returns what was written; undefined when there were workflows already.
 */
export async function seed(
  spire: SpireDBConnector,
  today = new Date(),
): Promise<SeedReport | undefined> {
  if (await hasWorkflows(spire.db)) return undefined;
  const all = SEED_VENDORS.flatMap((vendor, rank) =>
    Array.from({ length: WORKFLOWS_PER_VENDOR }, (_, index) => seedWorkflow(vendor, rank, index)),
  );
  const configs = SEED_VENDORS.flatMap(seedJobConfigs);
  const runs = all.flatMap((workflow) => seedRuns(workflow.id, workflow.traitId, today));
  const seeded = await spire.transaction(async ({ db }) => {
    // Two quickstarts may run at once: the second one waits, and then finds what the first one wrote.
    await db.execute('lock table workflows in share row exclusive mode');
    if (await hasWorkflows(db)) return false;
    const labels = SEED_TAGS.map((label) => ({ id: uuidOf(`tag ${label}`), label }));
    await db.insert(tags).values(labels).onConflictDoNothing();
    await db.insert(jobConfigs).values(configs).onConflictDoNothing();
    await db.insert(workflows).values(all.map(({ row }) => row));
    await db
      .insert(traitWorkflows)
      .values(all.map(({ id, traitId }) => ({ workflowId: id, traitId })));
    await db
      .insert(datasets)
      .values(all.map(({ id, dataset }) => ({ id: uuidOf(`dataset ${id}`), definition: dataset })));
    await db
      .insert(workflowDatasets)
      .values(all.map(({ id }) => ({ workflowId: id, datasetId: uuidOf(`dataset ${id}`) })));
    await db
      .insert(schedules)
      .values(all.map(({ id, schedule }) => ({ workflowId: id, definition: schedule })));
    const tagIds = new Map((await db.select().from(tags)).map(({ id, label }) => [label, id]));
    await db.insert(workflowTags).values(
      all.flatMap(({ id, labels: own }) =>
        own.flatMap((label) => {
          const tagId = tagIds.get(label);
          return tagId ? [{ workflowId: id, tagId }] : [];
        }),
      ),
    );
    await db.insert(workflowJobConfigs).values(
      all.flatMap(({ id, vendor }) =>
        RUN_STAGES.map((stage) => ({
          workflowId: id,
          stage,
          jobConfigName: `${vendor}-${stage}`,
        })),
      ),
    );
    for (let start = 0; start < runs.length; start += 1000) {
      await db.insert(history).values(runs.slice(start, start + 1000));
    }
    return true;
  });
  if (!seeded) return undefined;
  return { workflows: all.length, jobConfigs: configs.length, runs: runs.length };
}

async function hasWorkflows(db: Database): Promise<boolean> {
  const found = await db.select({ id: workflows.id }).from(workflows).limit(1);
  return found.length > 0;
}

function seedWorkflow(vendor: SeedVendor, rank: number, index: number) {
  const traitId = 1000 * (rank + 1) + index + 1;
  const name = `spire_${vendor}_${traitId}`;
  const id = uuidOf(`workflow ${name}`);
  const category = SEED_SUBJECTS[index % SEED_SUBJECTS.length] ?? 'beauty';
  const title = category.charAt(0).toUpperCase() + category.slice(1);
  return {
    id,
    vendor,
    traitId,
    labels: [category, vendor],
    row: {
      id,
      name,
      description: `${title} > ${index % 2 === 0 ? 'In-Market' : 'Affinity'} > ${vendor} ${traitId}`,
      enabled: index % 4 !== 3,
      isProxy: index === 11,
    },
    dataset: seedDataset(vendor, traitId),
    schedule: seedSchedule(traitId),
  };
}

/** One run a day and stage; a few fail, in a pattern that stays the same. */
function seedRuns(workflowId: string, traitId: number, today: Date): NewHistory[] {
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  return Array.from({ length: DAYS }, (_, index) => DAYS - index).flatMap((daysAgo) =>
    RUN_STAGES.map((stage, rank) => {
      const began = new Date(
        midnight - daysAgo * DAY_MILLIS + (6 + rank) * 3600 * 1000 + (traitId % 60) * 60_000,
      );
      const failed = (traitId * 7 + daysAgo * 3 + rank * 5) % 29 === 0;
      return {
        id: uuidOf(`run ${workflowId} ${stage} ${began.toISOString()}`),
        workflowId,
        stage,
        argDate: new Date(midnight - daysAgo * DAY_MILLIS).toISOString().slice(0, 10),
        executionDate: began,
        modifiedAt: began,
        status: failed ? ('failed' as const) : ('success' as const),
        stats: failed ? {} : { rows: 10_000 + ((traitId * daysAgo) % 5000) },
        info: {},
        warnings: {},
        error: failed ? 'Cluster terminated: spot instances were taken back' : null,
      };
    }),
  );
}

/** The same UUID for the same words. */
function uuidOf(words: string): string {
  const hex = createHash('sha256').update(`spire seed ${words}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
