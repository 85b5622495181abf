import { integer, pgTable, uuid } from 'drizzle-orm/pg-core';
import { workflows } from './workflows.ts';

/** Under which trait the outside world knows a workflow: one trait a workflow, and one workflow a trait. */
export const traitWorkflows = pgTable('trait_workflows', {
  /** The whole number under which the outside world knows the workflow. */
  traitId: integer('trait_id').notNull().unique('trait_workflows_trait_id_key'),
  workflowId: uuid('workflow_id')
    .primaryKey()
    .references(() => workflows.id, { onDelete: 'cascade' }),
});

/** A workflow's trait as it is read. */
export type TraitWorkflow = typeof traitWorkflows.$inferSelect;
/** A workflow's trait as it is written. */
export type NewTraitWorkflow = typeof traitWorkflows.$inferInsert;
