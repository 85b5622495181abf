import {
  datasets,
  type Stage,
  schedules,
  tags,
  traitWorkflows,
  workflowDatasets,
  workflowJobConfigs,
  workflows,
  workflowTags,
} from '@spire/schema';
import { eq, sql } from 'drizzle-orm';
import type { Database } from './database.ts';

const labels = sql<string[]>`coalesce((
  select json_agg(${tags.label} order by ${tags.label})
  from ${workflowTags} join ${tags} on ${tags.id} = ${workflowTags.tagId}
  where ${workflowTags.workflowId} = ${workflows.id}), '[]')`;

const configNames = sql<Partial<Record<Stage, string>>>`coalesce((
  select json_object_agg(${workflowJobConfigs.stage}, ${workflowJobConfigs.jobConfigName})
  from ${workflowJobConfigs}
  where ${workflowJobConfigs.workflowId} = ${workflows.id}), '{}')`;

const summary = {
  id: workflows.id,
  name: workflows.name,
  description: workflows.description,
  enabled: workflows.enabled,
  isProxy: workflows.isProxy,
  createdAt: workflows.createdAt,
  modifiedAt: workflows.modifiedAt,
  traitId: traitWorkflows.traitId,
  tags: labels.as('tags'),
};

/** Workflows without their definitions: what a list shows. */
export function selectSummaries(db: Database) {
  return db
    .select(summary)
    .from(workflows)
    .leftJoin(traitWorkflows, eq(traitWorkflows.workflowId, workflows.id));
}

/** Workflows with everything that defines them, in one statement. */
export function selectDetails(db: Database) {
  return db
    .select({
      ...summary,
      dataset: datasets.definition,
      schedule: schedules.definition,
      jobConfigs: configNames.as('job_configs'),
    })
    .from(workflows)
    .leftJoin(traitWorkflows, eq(traitWorkflows.workflowId, workflows.id))
    .leftJoin(workflowDatasets, eq(workflowDatasets.workflowId, workflows.id))
    .leftJoin(datasets, eq(datasets.id, workflowDatasets.datasetId))
    .leftJoin(schedules, eq(schedules.workflowId, workflows.id));
}

/** A workflow as a list shows it. */
export type WorkflowSummary = Awaited<ReturnType<typeof selectSummaries>>[number];
/** A workflow with its trait, tags, dataset, schedule, and its job config per stage. */
export type WorkflowDetails = Awaited<ReturnType<typeof selectDetails>>[number];
