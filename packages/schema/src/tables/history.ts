import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  date,
  index,
  jsonb,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { type HistoryStatus, RUN_STATUSES, SCORING_ERROR_PATTERN } from '../status.ts';
import { literals, stageCheck, stageColumn } from './stage-column.ts';
import { workflows } from './workflows.ts';

/** One row per run of a workflow's stage. It grows for ever. */
export const history = pgTable(
  'history',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    workflowId: uuid('workflow_id')
      .notNull()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    stage: stageColumn(),
    /** The day that the run is about, `YYYY-MM-DD`. Null only in older rows. */
    argDate: date('arg_date'),
    /** When the run began. */
    executionDate: timestamp('execution_date', { withTimezone: true }).notNull().defaultNow(),
    /** One of `RUN_STATUSES`, or an error of scoring's own. */
    status: text('status').$type<HistoryStatus>().notNull(),
    /** Figures of the run. */
    stats: jsonb('stats').$type<unknown>().notNull().default({}),
    /** What else the run says of itself. */
    info: jsonb('info').$type<unknown>().notNull().default({}),
    /** What it warned of. */
    warnings: jsonb('warnings').$type<unknown>().notNull().default({}),
    /** Why the run failed, in one line. */
    error: text('error'),
    /** Where in the code it failed. */
    traceback: text('traceback'),
    /** The cluster's id at Databricks. */
    clusterId: text('cluster_id'),
    /** The run's id at Databricks, a safe integer. */
    runId: bigint('run_id', { mode: 'number' }),
    /** When the row was last written. */
    modifiedAt: timestamp('modified_at', { withTimezone: true })
      .notNull()
      .defaultNow()
      .$onUpdate(() => sql`now()`),
  },
  // The status is a key of the first two: runs of another status are passed over inside the index.
  (table) => [
    index('history_workflow_idx').on(
      table.workflowId,
      table.stage,
      table.executionDate,
      table.status,
    ),
    index('history_arg_date_idx').on(
      table.argDate,
      table.workflowId,
      table.stage,
      table.executionDate,
      table.status,
    ),
    index('history_execution_date_idx').on(table.executionDate),
    index('history_failures_idx')
      .on(table.argDate)
      .where(sql`${table.status} not in ('pending', 'running', 'success')`),
    stageCheck('history', table.stage),
    check(
      'history_status_check',
      sql`${table.status} in (${literals(RUN_STATUSES)}) or (${table.stage} = 'scoring' and ${table.status} ~ ${literals([SCORING_ERROR_PATTERN])})`,
    ),
  ],
);

/** A run as it is read. */
export type History = typeof history.$inferSelect;
/** A run as it is written. */
export type NewHistory = typeof history.$inferInsert;
