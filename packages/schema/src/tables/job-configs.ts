import { sql } from 'drizzle-orm';
import { check, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { JobConfigDefinition } from '../definitions/job-config.ts';

/** A partly filled job, known by its name. A context fills the rest when it runs. */
export const jobConfigs = pgTable(
  'job_configs',
  {
    /** What workflows and people call it by. */
    name: text('name').primaryKey(),
    /** One of `JOB_CONFIG_TYPES`; older rows may hold others. */
    type: text('type').notNull(),
    /** What the type asks for. It never holds a secret: those come with the context. */
    definition: jsonb('definition').$type<JobConfigDefinition>().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    modifiedAt: timestamp('modified_at', { withTimezone: true })
      .notNull()
      .defaultNow()
      .$onUpdate(() => sql`now()`),
  },
  (table) => [
    check('job_configs_definition_check', sql`jsonb_typeof(${table.definition}) = 'object'`),
  ],
);

/** A job config as it is read. */
export type JobConfig = typeof jobConfigs.$inferSelect;
/** A job config as it is written. */
export type NewJobConfig = typeof jobConfigs.$inferInsert;
