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
import type { DatasetDefinition, ScheduleDefinition } from '@spire/schema/definitions';
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
export interface WorkflowSummary {
  /** A UUID. */
  readonly id: string;
  /** By convention `spire_<vendor>_<trait id>`. */
  readonly name: string;
  /** What people elsewhere see. */
  readonly description: string;
  /** Whether scheduled runs take it. */
  readonly enabled: boolean;
  /** Whether it passes another workflow's scores through. */
  readonly isProxy: boolean;
  /** When it was made. */
  readonly createdAt: Date;
  /** When it was last written. */
  readonly modifiedAt: Date;
  /** The trait under which the outside world knows it; null where it has none. */
  readonly traitId: number | null;
  /** Its labels, in the order of the alphabet. */
  readonly tags: readonly string[];
}

/** A workflow with everything that defines it. */
export interface WorkflowDetails extends WorkflowSummary {
  /** How its training set is defined; null where that isn't said. */
  readonly dataset: DatasetDefinition | null;
  /** When its stages are due; null where that isn't said. */
  readonly schedule: ScheduleDefinition | null;
  /** The name of the job config that runs a stage. */
  readonly jobConfigs: Readonly<Partial<Record<Stage, string>>>;
}
