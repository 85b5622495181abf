import { type JobConfig, jobConfigs, workflowJobConfigs, workflows } from '@spire/schema';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { ask, read } from './ask.ts';
import { checkedInput, type Definitions } from './checked-input.ts';
import type { Session } from './database.ts';
import { SpireDBError } from './errors.ts';
import { pageSize } from './page.ts';
import { postgresComplaint } from './postgres-error.ts';

/** A job config as it is made; see `jobConfigInput` of `@spire/schema/definitions`. */
export type JobConfigInput = Definitions['jobConfigInput']['_input'];
/** What to change of a job config; what isn't named stays. */
export interface JobConfigPatch {
  /** Another type. */
  readonly type?: string;
  /** Another definition, as a whole. */
  readonly definition?: Readonly<Record<string, unknown>>;
}

/** Which job configs to list. */
export interface JobConfigFilter {
  /** Only those of this type. */
  readonly type?: string | undefined;
  /** A part of the name, in any case. */
  readonly search?: string | undefined;
  /** At most this many; default 50, at most 500. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** One page of job configs, by name. */
export interface JobConfigPage {
  /** The job configs. */
  readonly jobConfigs: readonly JobConfig[];
  /** Give it as `after` for the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** The partly filled jobs that run workflows, known by name. */
export class JobConfigs {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * @throws SpireDBError `INVALID_INPUT`, `JOB_CONFIG_EXISTS`.
   * @example
   * await spire.jobConfigs.create({name: 'train', type: 'MLFlowProjectTrainingJobConfig', definition});
   */
  async create(input: JobConfigInput): Promise<JobConfig> {
    const { name, type, definition } = await checkedInput('jobConfigInput', input);
    const rows = await this.#ask(() =>
      this.#session.db
        .insert(jobConfigs)
        .values({ name, type, definition })
        .onConflictDoNothing()
        .returning(),
    );
    if (rows[0]) return rows[0];
    const { environment } = this.#session;
    throw new SpireDBError(
      'JOB_CONFIG_EXISTS',
      `name: ${environment} already has a job config named ${JSON.stringify(name)}.`,
      {
        environment,
        suggestions: ['Choose another name, or change that one: spire job-configs update'],
      },
    );
  }

  /** @throws SpireDBError `JOB_CONFIG_NOT_FOUND`. */
  async get(name: string): Promise<JobConfig> {
    const [row] = await this.#read(() =>
      this.#session.db.select().from(jobConfigs).where(eq(jobConfigs.name, name)),
    );
    return row ?? this.#missing(name);
  }

  /** Lists job configs by name, a page at a time. */
  async list(filter: JobConfigFilter = {}): Promise<JobConfigPage> {
    const limit = pageSize(filter.limit);
    const rows = await this.#read(() =>
      this.#session.db
        .select()
        .from(jobConfigs)
        .where(
          and(
            filter.type ? eq(jobConfigs.type, filter.type) : undefined,
            filter.search
              ? sql`position(lower(${filter.search}) in lower(${jobConfigs.name})) > 0`
              : undefined,
            filter.after === undefined ? undefined : gt(jobConfigs.name, filter.after),
          ),
        )
        .orderBy(asc(jobConfigs.name))
        .limit(limit + 1),
    );
    const page = rows.slice(0, limit);
    return { jobConfigs: page, next: rows.length > limit ? page.at(-1)?.name : undefined };
  }

  /**
   * Changes a job config; what the patch doesn't name stays.
   *
   * @throws SpireDBError `INVALID_INPUT`, `JOB_CONFIG_NOT_FOUND`.
   */
  async update(name: string, patch: JobConfigPatch): Promise<JobConfig> {
    // A definition is checked against its type, so the two are checked together.
    const current = await this.get(name);
    const changed = await checkedInput('jobConfigInput', {
      name,
      type: current.type,
      definition: current.definition,
      ...(await checkedInput('jobConfigPatch', patch)),
    });
    const [row] = await this.#ask(() =>
      this.#session.db
        .update(jobConfigs)
        .set({ type: changed.type, definition: changed.definition })
        .where(eq(jobConfigs.name, name))
        .returning(),
    );
    return row ?? this.#missing(name);
  }

  /**
   * Removes a job config that no workflow uses.
   *
   * @throws SpireDBError `JOB_CONFIG_IN_USE`, naming the workflows; `JOB_CONFIG_NOT_FOUND`.
   */
  async delete(name: string): Promise<JobConfig> {
    try {
      const [row] = await this.#session.db
        .delete(jobConfigs)
        .where(eq(jobConfigs.name, name))
        .returning();
      return row ?? this.#missing(name);
    } catch (error) {
      if (!['23001', '23503'].includes(postgresComplaint(error)?.sqlstate ?? '')) {
        return this.#ask(() => Promise.reject(error));
      }
      throw await this.#inUse(name);
    }
  }

  async #inUse(name: string): Promise<SpireDBError> {
    const users = await this.#ask(() =>
      this.#session.db
        .select({ name: workflows.name })
        .from(workflowJobConfigs)
        .innerJoin(workflows, eq(workflows.id, workflowJobConfigs.workflowId))
        .where(eq(workflowJobConfigs.jobConfigName, name))
        .orderBy(workflows.name)
        .limit(4),
    );
    const names = users.map((user) => user.name);
    const shown = names.length > 3 ? [...names.slice(0, 3), '...'] : names;
    return new SpireDBError(
      'JOB_CONFIG_IN_USE',
      `Job config ${name} is used by ${shown.join(', ')}.`,
      {
        environment: this.#session.environment,
        suggestions: ['Give those workflows another one first: spire workflows update'],
      },
    );
  }

  #missing(name: string): never {
    const { environment } = this.#session;
    throw new SpireDBError(
      'JOB_CONFIG_NOT_FOUND',
      `There is no job config ${JSON.stringify(name)} in ${environment}.`,
      { environment, suggestions: ['See which there are: spire job-configs list'] },
    );
  }

  #read<T>(query: () => Promise<T>): Promise<T> {
    return read(this.#session.environment, query);
  }

  #ask<T>(query: () => Promise<T>): Promise<T> {
    return ask(this.#session.environment, query);
  }
}
