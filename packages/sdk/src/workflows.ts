import {
  tags,
  traitWorkflows,
  workflowDatasets,
  workflowJobConfigs,
  workflows,
  workflowTags,
} from '@spire/schema';
import { and, asc, type Column, eq, exists, gt, type SQL, sql } from 'drizzle-orm';
import { ask, read } from './ask.ts';
import { checkedInput, type Definitions } from './checked-input.ts';
import { type Database, prepareOnce, type Session } from './database.ts';
import { SpireDBError } from './errors.ts';
import { pageSize, requireUuid } from './page.ts';
import { postgresComplaint } from './postgres-error.ts';
import {
  selectDetails,
  selectSummaries,
  type WorkflowDetails,
  type WorkflowSummary,
} from './workflow-columns.ts';
import { deleteUnusedDatasets, writeParts } from './workflow-parts.ts';

/** A workflow as it is made; see `workflowInput` of `@spire/schema/definitions`. */
export type WorkflowInput = Definitions['workflowInput']['_input'];
/** What to change of a workflow. What isn't named stays; null takes a part away. */
export type WorkflowPatch = Definitions['workflowPatch']['_input'];

/** Which workflows to list. */
export interface WorkflowFilter {
  /** Only enabled or only disabled ones. */
  readonly enabled?: boolean | undefined;
  /** The vendor in a name such as `spire_adobe_30`. */
  readonly vendor?: string | undefined;
  /** A label that it bears. */
  readonly tag?: string | undefined;
  /** A job config that one of its stages uses. */
  readonly jobConfig?: string | undefined;
  /** A part of name or description, in any case. */
  readonly search?: string | undefined;
  /** At most this many; default 50, at most 500. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** One page of workflows, by name. */
export interface WorkflowPage {
  /** The workflows. */
  readonly workflows: readonly WorkflowSummary[];
  /** Give it as `after` for the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** The reads of one workflow, for all sessions of a connector. */
export type WorkflowReads = ReturnType<typeof prepareWorkflowReads>;

/** Prepares the reads of one workflow; nothing is built before it is needed. */
export function prepareWorkflowReads(db: Database) {
  const read = (column: Column, parameter: string, name: string) =>
    prepareOnce(db, (on) =>
      selectDetails(on)
        .where(eq(column, sql.placeholder(parameter)))
        .prepare(name),
    );
  return {
    byId: read(workflows.id, 'id', 'spire_workflow_by_id'),
    byName: read(workflows.name, 'name', 'spire_workflow_by_name'),
    byTrait: read(traitWorkflows.traitId, 'traitId', 'spire_workflow_by_trait'),
  };
}

/** The models' lives: made, found, changed and removed. */
export class Workflows {
  readonly #session: Session;
  readonly #reads: WorkflowReads;

  constructor(session: Session, reads: WorkflowReads) {
    this.#session = session;
    this.#reads = reads;
  }

  /**
   * Reads a workflow by its id.
   *
   * @throws SpireDBError `WORKFLOW_NOT_FOUND`, `INVALID_INPUT` (not a UUID).
   */
  async get(id: string): Promise<WorkflowDetails> {
    requireUuid(id);
    const [row] = await this.#read(() => this.#reads.byId(this.#session.db).execute({ id }));
    return row ?? this.#missing(`with the id ${id}`);
  }

  /**
   * Reads a workflow by its name.
   *
   * @throws SpireDBError `WORKFLOW_NOT_FOUND`.
   * @example
   * const workflow = await spire.workflows.getByName('spire_adobe_30');
   */
  async getByName(name: string): Promise<WorkflowDetails> {
    const [row] = await this.#read(() => this.#reads.byName(this.#session.db).execute({ name }));
    return row ?? this.#missing(`named ${JSON.stringify(name)}`);
  }

  /**
   * Reads a workflow by its trait, a whole number.
   *
   * @throws SpireDBError `WORKFLOW_NOT_FOUND`.
   */
  async getByTrait(traitId: number): Promise<WorkflowDetails> {
    const [row] = await this.#read(() =>
      this.#reads.byTrait(this.#session.db).execute({ traitId }),
    );
    return row ?? this.#missing(`with the trait ${traitId}`);
  }

  /** Lists workflows by name, a page at a time. */
  async list(filter: WorkflowFilter = {}): Promise<WorkflowPage> {
    const limit = pageSize(filter.limit);
    const { db } = this.#session;
    const rows = await this.#read(() =>
      selectSummaries(db)
        .where(and(...conditions(db, filter)))
        .orderBy(asc(workflows.name))
        .limit(limit + 1),
    );
    const page = rows.slice(0, limit);
    return { workflows: page, next: rows.length > limit ? page.at(-1)?.name : undefined };
  }

  /**
   * Makes a workflow with all its parts, or nothing. The job configs it names must be there.
   *
   * @throws SpireDBError `INVALID_INPUT`, `WORKFLOW_EXISTS`, `TRAIT_TAKEN`, `JOB_CONFIG_NOT_FOUND`.
   * @example
   * await spire.workflows.create({name: 'spire_adobe_30', description: 'Beauty', traitId: 30});
   */
  async create(input: WorkflowInput): Promise<WorkflowDetails> {
    const { name, description, enabled, isProxy, ...parts } = await checkedInput(
      'workflowInput',
      input,
    );
    return this.#write(name, parts, async (db) => {
      const [row] = await db
        .insert(workflows)
        .values({ name, description, enabled, isProxy })
        .returning();
      if (!row) throw new Error('insert returned no row');
      await writeParts(db, row.id, parts);
      return row.id;
    });
  }

  /**
   * Changes a workflow; what the patch doesn't name stays.
   *
   * @throws SpireDBError as `create`, and `WORKFLOW_NOT_FOUND`.
   * @example
   * await spire.workflows.update(id, {schedule: null, tags: ['beauty']});
   */
  async update(id: string, patch: WorkflowPatch): Promise<WorkflowDetails> {
    requireUuid(id);
    const {
      traitId,
      tags: labels,
      dataset,
      schedule,
      jobConfigs,
      ...own
    } = await checkedInput('workflowPatch', patch);
    const parts = { traitId, tags: labels, dataset, schedule, jobConfigs };
    return this.#write(own.name ?? '', parts, async (db) => {
      const changes = { ...defined(own), modifiedAt: sql`now()` };
      const rows = await db.update(workflows).set(changes).where(eq(workflows.id, id)).returning();
      if (rows.length === 0) this.#missing(`with the id ${id}`);
      await writeParts(db, id, parts);
      return id;
    });
  }

  /** Lets scheduled runs take the workflow. @throws SpireDBError `WORKFLOW_NOT_FOUND`. */
  enable(id: string): Promise<WorkflowDetails> {
    return this.update(id, { enabled: true });
  }

  /** Keeps scheduled runs from taking the workflow. @throws SpireDBError `WORKFLOW_NOT_FOUND`. */
  disable(id: string): Promise<WorkflowDetails> {
    return this.update(id, { enabled: false });
  }

  /**
   * Removes a workflow with its parts and its history.
   *
   * @returns the workflow as it was.
   * @throws SpireDBError `WORKFLOW_NOT_FOUND`.
   */
  async delete(id: string): Promise<WorkflowDetails> {
    requireUuid(id);
    return this.#ask(() =>
      this.#session.atomically(async (db) => {
        const [row] = await selectDetails(db).where(eq(workflows.id, id));
        if (!row) this.#missing(`with the id ${id}`);
        const links = await db
          .select()
          .from(workflowDatasets)
          .where(eq(workflowDatasets.workflowId, id));
        await db.delete(workflows).where(eq(workflows.id, id));
        await deleteUnusedDatasets(
          db,
          links.map(({ datasetId }) => datasetId),
        );
        return row as WorkflowDetails;
      }),
    );
  }

  async #write(
    name: string,
    parts: { traitId?: number | null | undefined },
    run: (db: Database) => Promise<string>,
  ): Promise<WorkflowDetails> {
    const id = await this.#ask(async () => {
      try {
        return await this.#session.atomically(run);
      } catch (error) {
        throw this.#conflict(error, name, parts.traitId) ?? error;
      }
    });
    return this.get(id);
  }

  #conflict(error: unknown, name: string, traitId: number | null | undefined) {
    const { environment } = this.#session;
    const change = ['Change that one instead: spire workflows update', 'Nothing was written.'];
    switch (postgresComplaint(error)?.constraint) {
      case 'workflows_name_key': {
        const message = `name: ${environment} already has a workflow named ${JSON.stringify(name)}.`;
        return new SpireDBError('WORKFLOW_EXISTS', message, { environment, suggestions: change });
      }
      case 'trait_workflows_trait_id_key': {
        const message = `traitId: another workflow in ${environment} has the trait ${traitId}.`;
        const suggestions = [
          `See which: spire workflows get --trait ${traitId}`,
          'Nothing was written.',
        ];
        return new SpireDBError('TRAIT_TAKEN', message, { environment, suggestions });
      }
      case 'workflow_job_configs_job_config_name_job_configs_name_fk': {
        const message = `jobConfigs: one of the job configs isn't there in ${environment}.`;
        const suggestions = ['See which there are: spire job-configs list', 'Nothing was written.'];
        return new SpireDBError('JOB_CONFIG_NOT_FOUND', message, { environment, suggestions });
      }
      default:
        return undefined;
    }
  }

  #missing(which: string): never {
    const { environment } = this.#session;
    throw new SpireDBError(
      'WORKFLOW_NOT_FOUND',
      `There is no workflow ${which} in ${environment}.`,
      {
        environment,
        suggestions: ['See which there are: spire workflows list'],
      },
    );
  }

  #read<T>(query: () => Promise<T>): Promise<T> {
    return read(this.#session.environment, query);
  }

  #ask<T>(query: () => Promise<T>): Promise<T> {
    return ask(this.#session.environment, query);
  }
}

function conditions(db: Database, filter: WorkflowFilter): (SQL | undefined)[] {
  const { enabled, vendor, tag, jobConfig, search, after } = filter;
  return [
    enabled === undefined
      ? undefined
      : enabled
        ? sql`${workflows.enabled}`
        : sql`not ${workflows.enabled}`,
    vendor ? sql`starts_with(${workflows.name}, ${`spire_${vendor}_`})` : undefined,
    search
      ? sql`position(lower(${search}) in lower(${workflows.name} || ' ' || ${workflows.description})) > 0`
      : undefined,
    tag
      ? exists(
          db
            .select({ one: sql`1` })
            .from(workflowTags)
            .innerJoin(tags, eq(tags.id, workflowTags.tagId))
            .where(and(eq(workflowTags.workflowId, workflows.id), eq(tags.label, tag))),
        )
      : undefined,
    jobConfig
      ? exists(
          db
            .select({ one: sql`1` })
            .from(workflowJobConfigs)
            .where(
              and(
                eq(workflowJobConfigs.workflowId, workflows.id),
                eq(workflowJobConfigs.jobConfigName, jobConfig),
              ),
            ),
        )
      : undefined,
    after === undefined ? undefined : gt(workflows.name, after),
  ];
}

/** Without the keys that aren't there, as exact optional types want it. */
function defined<T extends object>(value: T) {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
