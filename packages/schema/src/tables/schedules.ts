import { sql } from 'drizzle-orm';
import { check, jsonb, pgTable, uuid } from 'drizzle-orm/pg-core';
import type { ScheduleDefinition } from '../definitions/schedule.ts';
import { workflows } from './workflows.ts';

/** When a workflow's stages are due: at most one schedule a workflow. */
export const schedules = pgTable(
  'schedules',
  {
    workflowId: uuid('workflow_id')
      .primaryKey()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    /** When each stage is due: see `scheduleDefinition`. */
    definition: jsonb('definition').$type<ScheduleDefinition>().notNull(),
  },
  (table) => [
    check('schedules_definition_check', sql`jsonb_typeof(${table.definition}) = 'object'`),
  ],
);

/** A schedule as it is read. */
export type Schedule = typeof schedules.$inferSelect;
/** A schedule as it is written. */
export type NewSchedule = typeof schedules.$inferInsert;
