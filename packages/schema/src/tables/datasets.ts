import { sql } from 'drizzle-orm';
import { check, jsonb, pgTable, uuid } from 'drizzle-orm/pg-core';
import type { DatasetDefinition } from '../definitions/dataset.ts';

/** How a workflow's training set is defined. */
export const datasets = pgTable(
  'datasets',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** Who counts as positive and who as negative: see `datasetDefinition`. */
    definition: jsonb('definition').$type<DatasetDefinition>().notNull(),
  },
  (table) => [
    check('datasets_definition_check', sql`jsonb_typeof(${table.definition}) = 'object'`),
  ],
);

/** A dataset as it is read. */
export type Dataset = typeof datasets.$inferSelect;
/** A dataset as it is written. */
export type NewDataset = typeof datasets.$inferInsert;
