import { Kysely, PostgresDialect, sql } from 'kysely';
import { type Driver, RUNS, type Target } from '../driver.ts';
import { openPool } from './pg.ts';

interface Tables {
  workflows: {
    id: string;
    name: string;
    description: string;
    enabled: boolean;
    is_proxy: boolean;
    created_at: Date;
    modified_at: Date;
  };
  trait_workflows: { trait_id: number; workflow_id: string };
  workflow_datasets: { workflow_id: string; dataset_id: string };
  datasets: { id: string; definition: unknown };
  schedules: { workflow_id: string; definition: unknown };
  history: {
    id: string;
    workflow_id: string;
    stage: string;
    arg_date: string | null;
    execution_date: Date;
    status: string;
    stats: unknown;
    info: unknown;
    warnings: unknown;
    error: string | null;
    traceback: string | null;
    cluster_id: string | null;
    run_id: number | null;
    modified_at: Date;
  };
}

/** Kysely over a bare pool, each statement built when it is asked: it knows no named ones. */
export function driveKysely(target: Target): Driver {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(target) }) });
  return {
    workflow: (id) => wholeWorkflow(db, id),
    runs: () =>
      db
        .selectFrom('history')
        .select([
          'id',
          'workflow_id as workflowId',
          'stage',
          'arg_date as argDate',
          'execution_date as executionDate',
          'status',
          'stats',
          'info',
          'warnings',
          'error',
          'traceback',
          'cluster_id as clusterId',
          'run_id as runId',
          'modified_at as modifiedAt',
        ])
        .orderBy('execution_date', 'desc')
        .orderBy('id', 'desc')
        .limit(RUNS)
        .execute(),
    change: async (id, description) => {
      await db.transaction().execute(async (tx) => {
        await wholeWorkflow(tx, id);
        await tx
          .updateTable('workflows')
          .set({ description, modified_at: sql<Date>`now()` })
          .where('id', '=', id)
          .execute();
      });
    },
    close: () => db.destroy(),
  };
}

function wholeWorkflow(db: Kysely<Tables>, id: string) {
  return db
    .selectFrom('workflows')
    .leftJoin('trait_workflows', 'trait_workflows.workflow_id', 'workflows.id')
    .leftJoin('workflow_datasets', 'workflow_datasets.workflow_id', 'workflows.id')
    .leftJoin('datasets', 'datasets.id', 'workflow_datasets.dataset_id')
    .leftJoin('schedules', 'schedules.workflow_id', 'workflows.id')
    .select([
      'workflows.id',
      'workflows.name',
      'workflows.description',
      'workflows.enabled',
      'workflows.is_proxy as isProxy',
      'workflows.created_at as createdAt',
      'workflows.modified_at as modifiedAt',
      'trait_workflows.trait_id as traitId',
      sql<string[]>`coalesce((
        select json_agg(tags.label order by tags.label)
        from workflow_tags join tags on tags.id = workflow_tags.tag_id
        where workflow_tags.workflow_id = workflows.id), '[]')`.as('tags'),
      'datasets.definition as dataset',
      'schedules.definition as schedule',
      sql<Record<string, string>>`coalesce((
        select json_object_agg(workflow_job_configs.stage, workflow_job_configs.job_config_name)
        from workflow_job_configs
        where workflow_job_configs.workflow_id = workflows.id), '{}')`.as('jobConfigs'),
    ])
    .where('workflows.id', '=', id)
    .executeTakeFirst();
}
