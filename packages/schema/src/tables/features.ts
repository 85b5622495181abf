import { sql } from 'drizzle-orm';
import { check, jsonb, pgTable, uuid } from 'drizzle-orm/pg-core';
import type { FeatureDefinition } from '../definitions/feature.ts';

/** Which columns, filters, loader, location, format and stage workflows read. */
export const features = pgTable(
  'features',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** What is read, and how: see `featureDefinition`. */
    definition: jsonb('definition').$type<FeatureDefinition>().notNull(),
  },
  (table) => [
    check('features_definition_check', sql`jsonb_typeof(${table.definition}) = 'object'`),
  ],
);

/** A feature as it is read. */
export type Feature = typeof features.$inferSelect;
/** A feature as it is written. */
export type NewFeature = typeof features.$inferInsert;
