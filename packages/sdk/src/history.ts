import { history, type History as Run, STAGES, type Stage, workflows } from '@spire/schema';
import { and, desc, eq, getTableColumns, lte, type SQL, sql } from 'drizzle-orm';
import { ask, read } from './ask.ts';
import { checkedInput, type Definitions } from './checked-input.ts';
import type { Session } from './database.ts';
import { SpireDBError } from './errors.ts';
import { isUuid, pageSize, requireDay } from './page.ts';
import { postgresComplaint } from './postgres-error.ts';

/** A run as it is recorded; see `historyInput` of `@spire/schema/definitions`. */
export type HistoryInput = Definitions['historyInput']['_input'];

/** Which runs to list. */
export interface HistoryFilter {
  /** Only runs of this workflow. */
  readonly workflowId?: string | undefined;
  /** Only runs of this stage. */
  readonly stage?: Stage | undefined;
  /** Only runs with this status. */
  readonly status?: string | undefined;
  /** The day that the run is about, `YYYY-MM-DD`. */
  readonly argDate?: string | undefined;
  /** At most this many; default 50, at most 500. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** Which latest runs to find. */
export interface LatestFilter {
  /** Only of this workflow. */
  readonly workflowId?: string | undefined;
  /** Only of this stage. */
  readonly stage?: Stage | undefined;
  /** The day that the run is about, `YYYY-MM-DD`. */
  readonly argDate?: string | undefined;
  /** Only runs that had begun by then: what was the latest at that moment. */
  readonly asOf?: Date | undefined;
  /** At most this many; default 50, at most 500. */
  readonly limit?: number | undefined;
}

/** A run with the name of its workflow. */
export type NamedRun = Run & {
  /** The workflow's name. */
  readonly workflowName: string;
};

/** One page of runs, newest first. */
export interface HistoryPage {
  /** The runs. */
  readonly runs: readonly NamedRun[];
  /** Give it as `after` for the next page; undefined on the last one. */
  readonly next: string | undefined;
}

const named = { ...getTableColumns(history), workflowName: workflows.name };

/** What ran, when, and what became of it. */
export class HistoryLog {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Records a run of a workflow's stage. With the `id` of an earlier one, that one is brought up to date:
   * `running` becomes `success`. An `id` that nobody has used makes a new run, so that a writer may
   * choose it and write again after a failure.
   *
   * @throws SpireDBError `INVALID_INPUT`, `WORKFLOW_NOT_FOUND`, `RUN_MISMATCH` (that id is of a run of
   * another workflow, stage or day).
   * @example
   * await spire.history.record({workflowId, stage: 'training', argDate: '2026-11-01', status: 'success'});
   */
  async record(input: HistoryInput): Promise<Run> {
    const run = await checkedInput('historyInput', input);
    const { environment, db } = this.#session;
    const values = run as typeof history.$inferInsert;
    return ask(environment, async () => {
      try {
        // A run stays the one that it is: of its workflow, its stage and its day.
        const { id, workflowId, stage, argDate, ...changes } = values;
        const [row] = await db
          .insert(history)
          .values(values)
          .onConflictDoUpdate({
            target: history.id,
            set: { ...changes, modifiedAt: sql`now()` },
            setWhere: sql`(${history.workflowId}, ${history.stage}, ${history.argDate}) = (${workflowId}, ${stage}, ${argDate})`,
          })
          .returning();
        if (row) return row;
        throw new SpireDBError(
          'RUN_MISMATCH',
          `id: the run ${id} is of another workflow, stage or day.`,
          {
            environment,
            suggestions: ['Nothing was written. Look it up: spire history list'],
          },
        );
      } catch (error) {
        if (postgresComplaint(error)?.sqlstate !== '23503') throw error;
        throw new SpireDBError(
          'WORKFLOW_NOT_FOUND',
          `There is no workflow ${run.workflowId} in ${environment}.`,
          {
            environment,
            suggestions: ['Look it up: spire workflows list'],
          },
        );
      }
    });
  }

  /** Lists runs, newest first, a page at a time. */
  async list(filter: HistoryFilter = {}): Promise<HistoryPage> {
    const limit = pageSize(filter.limit);
    if (filter.argDate) requireDay(filter.argDate);
    const cursor = filter.after === undefined ? undefined : readCursor(filter.after);
    const conditions: (SQL | undefined)[] = [
      filter.workflowId ? eq(history.workflowId, filter.workflowId) : undefined,
      filter.stage ? eq(history.stage, filter.stage) : undefined,
      filter.argDate ? eq(history.argDate, filter.argDate) : undefined,
      filter.status ? eq(history.status, filter.status as Run['status']) : undefined,
      cursor &&
        sql`(${history.executionDate}, ${history.id}) < (${cursor.at}::timestamptz, ${cursor.id}::uuid)`,
    ];
    const rows = await read(this.#session.environment, () =>
      this.#session.db
        .select({ ...named, at: sql<string>`${history.executionDate}::text` })
        .from(history)
        .innerJoin(workflows, eq(workflows.id, history.workflowId))
        .where(and(...conditions))
        .orderBy(desc(history.executionDate), desc(history.id))
        .limit(limit + 1),
    );
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      runs: page.map(({ at: _, ...run }) => run),
      next: last && Buffer.from(`${last.at}|${last.id}`).toString('base64url'),
    };
  }

  /**
   * The latest run of each workflow and stage, on a date or as of a moment, newest first.
   *
   * @example
   * await spire.history.latest({argDate: '2026-11-01'});
   */
  async latest(filter: LatestFilter = {}): Promise<NamedRun[]> {
    const { db, environment } = this.#session;
    if (filter.argDate) requireDay(filter.argDate);
    const stages = (filter.stage ? [filter.stage] : STAGES).map((stage) => sql`(${stage})`);
    // One look into the index per workflow and stage, however long history is.
    const newest = db
      .select()
      .from(history)
      .where(
        and(
          eq(history.workflowId, workflows.id),
          sql`${history.stage} = stage.name`,
          filter.argDate ? eq(history.argDate, filter.argDate) : undefined,
          filter.asOf ? lte(history.executionDate, filter.asOf) : undefined,
        ),
      )
      .orderBy(desc(history.executionDate), desc(history.id))
      .limit(1)
      .as('newest');
    const rows = await read(environment, () =>
      db
        .select({ run: newest._.selectedFields, workflowName: workflows.name })
        .from(workflows)
        .crossJoin(sql`(values ${sql.join(stages, sql`, `)}) as stage(name)`)
        .crossJoinLateral(newest)
        .where(filter.workflowId ? eq(workflows.id, filter.workflowId) : undefined)
        .orderBy(desc(newest.executionDate), workflows.name)
        .limit(pageSize(filter.limit)),
    );
    return rows.map(({ run, workflowName }) => ({ ...run, workflowName }));
  }
}

function readCursor(cursor: string): { at: string; id: string } {
  const [at, id] = Buffer.from(cursor, 'base64url').toString().split('|');
  if (at && id && !Number.isNaN(Date.parse(at)) && isUuid(id)) return { at, id };
  throw new SpireDBError('INVALID_INPUT', 'after: expected the "next" of the page before.');
}
