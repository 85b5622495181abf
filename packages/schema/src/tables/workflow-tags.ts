import { index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { tags } from './tags.ts';
import { workflows } from './workflows.ts';

/** Which tags a workflow bears. Many to many. */
export const workflowTags = pgTable(
  'workflow_tags',
  {
    workflowId: uuid('workflow_id')
      .notNull()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    tagId: uuid('tag_id')
      .notNull()
      .references(() => tags.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ name: 'workflow_tags_pkey', columns: [table.workflowId, table.tagId] }),
    index('workflow_tags_tag_id_idx').on(table.tagId),
  ],
);

/** A workflow's tag as it is read. */
export type WorkflowTag = typeof workflowTags.$inferSelect;
/** A workflow's tag as it is written. */
export type NewWorkflowTag = typeof workflowTags.$inferInsert;
