import { doublePrecision, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { workflows } from './workflows.ts';

/** What is done with a workflow's scores, one after the other. */
export const postprocessors = pgTable(
  'postprocessors',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workflowId: uuid('workflow_id')
      .notNull()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    /** Its place among the workflow's postprocessors, from 0. */
    position: integer('position').notNull(),
    /** The kind. Null only in older rows. */
    type: text('type'),
    /** How a thresholder cuts: `decile`, `percentile` or `absolute`. */
    strategy: text('strategy'),
    /** Where a thresholder cuts, rising; nine for deciles. */
    thresholds: doublePrecision('thresholds').array(),
    /** What the parts between the cuts are called. */
    buckets: text('buckets').array(),
  },
  (table) => [
    unique('postprocessors_workflow_id_position_key').on(table.workflowId, table.position),
  ],
);

/** A postprocessor as it is read. */
export type Postprocessor = typeof postprocessors.$inferSelect;
/** A postprocessor as it is written. */
export type NewPostprocessor = typeof postprocessors.$inferInsert;
