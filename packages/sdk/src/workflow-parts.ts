import {
  datasets,
  type Stage,
  schedules,
  tags,
  traitWorkflows,
  workflowDatasets,
  workflowJobConfigs,
  workflowTags,
} from '@spire/schema';
import { and, eq, inArray, notExists, sql } from 'drizzle-orm';
import type { Definitions } from './checked-input.ts';
import type { Database } from './database.ts';

type Parts = Pick<
  Definitions['workflowPatch']['_output'],
  'traitId' | 'tags' | 'dataset' | 'schedule' | 'jobConfigs'
>;

/** Writes the parts of a workflow that are named; null takes one away. Call it in a transaction. */
export async function writeParts(db: Database, workflowId: string, parts: Parts): Promise<void> {
  if (parts.traitId !== undefined) await writeTrait(db, workflowId, parts.traitId);
  if (parts.tags !== undefined) await writeTags(db, workflowId, parts.tags);
  if (parts.dataset !== undefined) await writeDataset(db, workflowId, parts.dataset);
  if (parts.schedule !== undefined) await writeSchedule(db, workflowId, parts.schedule);
  for (const [stage, name] of Object.entries(parts.jobConfigs ?? {})) {
    await writeJobConfig(db, workflowId, stage as Stage, name ?? null);
  }
}

async function writeTrait(db: Database, workflowId: string, traitId: number | null) {
  if (traitId === null) {
    await db.delete(traitWorkflows).where(eq(traitWorkflows.workflowId, workflowId));
    return;
  }
  await db
    .insert(traitWorkflows)
    .values({ workflowId, traitId })
    .onConflictDoUpdate({ target: traitWorkflows.workflowId, set: { traitId } });
}

async function writeTags(db: Database, workflowId: string, wanted: readonly string[]) {
  const labels = [...new Set(wanted)];
  await db.delete(workflowTags).where(eq(workflowTags.workflowId, workflowId));
  if (labels.length === 0) return;
  await db
    .insert(tags)
    .values(labels.map((label) => ({ label })))
    .onConflictDoNothing();
  const found = await db.select({ tagId: tags.id }).from(tags).where(inArray(tags.label, labels));
  await db.insert(workflowTags).values(found.map(({ tagId }) => ({ workflowId, tagId })));
}

/** A dataset may serve several workflows, so a new definition is a new dataset. */
async function writeDataset(db: Database, workflowId: string, definition: Parts['dataset']) {
  const removed = await db
    .delete(workflowDatasets)
    .where(eq(workflowDatasets.workflowId, workflowId))
    .returning();
  if (definition) {
    const [dataset] = await db.insert(datasets).values({ definition }).returning();
    if (dataset) await db.insert(workflowDatasets).values({ workflowId, datasetId: dataset.id });
  }
  await deleteUnusedDatasets(
    db,
    removed.map(({ datasetId }) => datasetId),
  );
}

/** Removes those datasets that no workflow uses any more. */
export async function deleteUnusedDatasets(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const users = db
    .select({ one: sql`1` })
    .from(workflowDatasets)
    .where(eq(workflowDatasets.datasetId, datasets.id));
  await db.delete(datasets).where(and(inArray(datasets.id, [...ids]), notExists(users)));
}

async function writeSchedule(db: Database, workflowId: string, definition: Parts['schedule']) {
  if (!definition) {
    await db.delete(schedules).where(eq(schedules.workflowId, workflowId));
    return;
  }
  await db
    .insert(schedules)
    .values({ workflowId, definition })
    .onConflictDoUpdate({ target: schedules.workflowId, set: { definition } });
}

async function writeJobConfig(db: Database, workflowId: string, stage: Stage, name: string | null) {
  if (name === null) {
    await db
      .delete(workflowJobConfigs)
      .where(
        and(eq(workflowJobConfigs.workflowId, workflowId), eq(workflowJobConfigs.stage, stage)),
      );
    return;
  }
  await db
    .insert(workflowJobConfigs)
    .values({ workflowId, stage, jobConfigName: name })
    .onConflictDoUpdate({
      target: [workflowJobConfigs.workflowId, workflowJobConfigs.stage],
      set: { jobConfigName: name },
    });
}
