import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { jobConfigs } from './job-configs.ts';
import { stageCheck, stageColumn } from './stage-column.ts';
import { workflows } from './workflows.ts';

/** Which job config runs a workflow's stage: one per stage. A job config in use can't be removed. */
export const workflowJobConfigs = pgTable(
  'workflow_job_configs',
  {
    workflowId: uuid('workflow_id')
      .notNull()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    stage: stageColumn(),
    jobConfigName: text('job_config_name')
      .notNull()
      .references(() => jobConfigs.name, { onDelete: 'restrict', onUpdate: 'cascade' }),
  },
  (table) => [
    primaryKey({ name: 'workflow_job_configs_pkey', columns: [table.workflowId, table.stage] }),
    index('workflow_job_configs_job_config_name_idx').on(table.jobConfigName),
    stageCheck('workflow_job_configs', table.stage),
  ],
);

/** The job config of a workflow's stage as it is read. */
export type WorkflowJobConfig = typeof workflowJobConfigs.$inferSelect;
/** The job config of a workflow's stage as it is written. */
export type NewWorkflowJobConfig = typeof workflowJobConfigs.$inferInsert;
