import { index, pgTable, uuid } from 'drizzle-orm/pg-core';
import { datasets } from './datasets.ts';
import { workflows } from './workflows.ts';

/** Which dataset a workflow trains on: at most one. A dataset may serve several workflows. */
export const workflowDatasets = pgTable(
  'workflow_datasets',
  {
    workflowId: uuid('workflow_id')
      .primaryKey()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    datasetId: uuid('dataset_id')
      .notNull()
      .references(() => datasets.id, { onDelete: 'cascade' }),
  },
  (table) => [index('workflow_datasets_dataset_id_idx').on(table.datasetId)],
);

/** A workflow's dataset as it is read. */
export type WorkflowDataset = typeof workflowDatasets.$inferSelect;
/** A workflow's dataset as it is written. */
export type NewWorkflowDataset = typeof workflowDatasets.$inferInsert;
