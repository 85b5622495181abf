import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

/** One model's life: what runs, under which name, and whether scheduled runs take it. */
export const workflows = pgTable(
  'workflows',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** By convention `spire_<vendor>_<trait id>`. */
    name: varchar('name', { length: 100 }).notNull().unique('workflows_name_key'),
    /** What people elsewhere see, such as "Beauty > In-Market > Foundation". */
    description: text('description').notNull(),
    /** Whether scheduled runs take it. */
    enabled: boolean('enabled').notNull().default(false),
    /** Whether it passes another workflow's scores through. */
    isProxy: boolean('is_proxy').notNull().default(false),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    modifiedAt: timestamp('modified_at', { withTimezone: true })
      .notNull()
      .defaultNow()
      .$onUpdate(() => sql`now()`),
  },
  // Most are enabled in one environment and disabled in another: the rarer side is read by its index.
  (table) => [
    index('workflows_enabled_idx').on(table.name).where(sql`${table.enabled}`),
    index('workflows_disabled_idx').on(table.name).where(sql`not ${table.enabled}`),
  ],
);

/** A workflow as it is read. */
export type Workflow = typeof workflows.$inferSelect;
/** A workflow as it is written. */
export type NewWorkflow = typeof workflows.$inferInsert;
