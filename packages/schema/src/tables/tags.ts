import { pgTable, uuid, varchar } from 'drizzle-orm/pg-core';

/** A label that workflows can bear. */
export const tags = pgTable('tags', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** What people read. */
  label: varchar('label', { length: 100 }).notNull().unique('tags_label_key'),
});

/** A tag as it is read. */
export type Tag = typeof tags.$inferSelect;
/** A tag as it is written. */
export type NewTag = typeof tags.$inferInsert;
