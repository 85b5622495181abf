import { history, workflows } from '@spire/schema';
import { SpireDBConnector } from '@spire/sdk';
import { getTableColumns } from 'drizzle-orm';
import { changeWorkflow, newestRuns } from './contenders/drizzle-queries.ts';
import type { Statements } from './driver.ts';

/** The SDK's statements, as Postgres and Drizzle have them. */
export async function sdkStatements(
  variables: Readonly<Record<string, string>>,
): Promise<Statements> {
  await using spire = await SpireDBConnector.create({
    environment: 'local',
    variables,
    pool: { max: 1 },
  });
  const [first] = await spire.db.select({ id: workflows.id }).from(workflows).limit(1);
  await spire.workflows.get(first?.id ?? '');
  const { rows } = await spire.pool.query(
    `select statement from pg_prepared_statements where name = 'spire_workflow_by_id'`,
  );
  const runNames = Object.entries(getTableColumns(history)).map(
    ([property, { name }]) => [`"${name}"`, `"${name}" as "${property}"`] as const,
  );
  return {
    workflow: renamed(rows[0].statement, WORKFLOW_NAMES),
    runs: renamed(newestRuns(spire.db).toSQL().sql, runNames),
    change: changeWorkflow(spire.db, '', '').toSQL().sql,
  };
}

const WORKFLOW_NAMES = [
  ['"workflows"."is_proxy"', '"workflows"."is_proxy" as "isProxy"'],
  ['"workflows"."created_at"', '"workflows"."created_at" as "createdAt"'],
  ['"workflows"."modified_at"', '"workflows"."modified_at" as "modifiedAt"'],
  ['"trait_workflows"."trait_id"', '"trait_workflows"."trait_id" as "traitId"'],
  ['"datasets"."definition"', '"datasets"."definition" as "dataset"'],
  ['"schedules"."definition"', '"schedules"."definition" as "schedule"'],
  ['as "job_configs"', 'as "jobConfigs"'],
] as const;

/**
 * Gives columns the names of the SDK's properties. Drizzle goes by their order, the other drivers by
 * their names: so all make the same objects. The list of columns comes first in a statement.
 */
function renamed(statement: string, names: readonly (readonly [string, string])[]): string {
  return names.reduce((text, [column, name]) => text.replace(column, name), statement);
}
