import { index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { features } from './features.ts';
import { workflows } from './workflows.ts';

/** Which features a workflow reads. Many to many. */
export const workflowFeatures = pgTable(
  'workflow_features',
  {
    workflowId: uuid('workflow_id')
      .notNull()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    featureId: uuid('feature_id')
      .notNull()
      .references(() => features.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ name: 'workflow_features_pkey', columns: [table.workflowId, table.featureId] }),
    index('workflow_features_feature_id_idx').on(table.featureId),
  ],
);

/** A workflow's feature as it is read. */
export type WorkflowFeature = typeof workflowFeatures.$inferSelect;
/** A workflow's feature as it is written. */
export type NewWorkflowFeature = typeof workflowFeatures.$inferInsert;
