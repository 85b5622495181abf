import { bigint, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { stageCheck, stageColumn } from './stage-column.ts';
import { workflows } from './workflows.ts';

/** The cluster and the run that a workflow's stage used last. */
export const clusterStatus = pgTable(
  'cluster_status',
  {
    workflowId: uuid('workflow_id')
      .notNull()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    stage: stageColumn(),
    /** The cluster's id at Databricks. */
    clusterId: text('cluster_id'),
    /** The run's id at Databricks, a safe integer. */
    runId: bigint('run_id', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ name: 'cluster_status_pkey', columns: [table.workflowId, table.stage] }),
    stageCheck('cluster_status', table.stage),
  ],
);

/** A cluster status as it is read. */
export type ClusterStatus = typeof clusterStatus.$inferSelect;
/** A cluster status as it is written. */
export type NewClusterStatus = typeof clusterStatus.$inferInsert;
