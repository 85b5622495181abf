import {
  datasets,
  history,
  type Stage,
  schedules,
  type schema,
  tags,
  traitWorkflows,
  workflowDatasets,
  workflowJobConfigs,
  workflows,
  workflowTags,
} from '@spire/schema';
import { desc, eq, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { RUNS } from '../driver.ts';

type Database = NodePgDatabase<typeof schema>;

/** What `spire.workflows.get` selects, as a service would write it over a pool of its own. */
export function wholeWorkflows(db: Database) {
  return db
    .select({
      id: workflows.id,
      name: workflows.name,
      description: workflows.description,
      enabled: workflows.enabled,
      isProxy: workflows.isProxy,
      createdAt: workflows.createdAt,
      modifiedAt: workflows.modifiedAt,
      traitId: traitWorkflows.traitId,
      tags: sql<string[]>`coalesce((
        select json_agg(${tags.label} order by ${tags.label})
        from ${workflowTags} join ${tags} on ${tags.id} = ${workflowTags.tagId}
        where ${workflowTags.workflowId} = ${workflows.id}), '[]')`.as('tags'),
      dataset: datasets.definition,
      schedule: schedules.definition,
      jobConfigs: sql<Partial<Record<Stage, string>>>`coalesce((
        select json_object_agg(${workflowJobConfigs.stage}, ${workflowJobConfigs.jobConfigName})
        from ${workflowJobConfigs}
        where ${workflowJobConfigs.workflowId} = ${workflows.id}), '{}')`.as('job_configs'),
    })
    .from(workflows)
    .leftJoin(traitWorkflows, eq(traitWorkflows.workflowId, workflows.id))
    .leftJoin(workflowDatasets, eq(workflowDatasets.workflowId, workflows.id))
    .leftJoin(datasets, eq(datasets.id, workflowDatasets.datasetId))
    .leftJoin(schedules, eq(schedules.workflowId, workflows.id));
}

/** The newest runs. */
export function newestRuns(db: Database) {
  return db
    .select()
    .from(history)
    .orderBy(desc(history.executionDate), desc(history.id))
    .limit(RUNS);
}

/** Another description for a workflow. */
export function changeWorkflow(db: Database, id: string, description: string) {
  return db.update(workflows).set({ description }).where(eq(workflows.id, id));
}
