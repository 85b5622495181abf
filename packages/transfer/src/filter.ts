import { TransferError } from './errors.ts';
import type { Session } from './session.ts';
import { sqlLiteral } from './sql-literal.ts';
import type { TableStructure } from './structure.ts';

/** Which rows come. */
export interface RowFilter {
  /** Runs that began on this day of UTC or later, `YYYY-MM-DD`. Default: all. */
  readonly since?: string | undefined;
  /**
   * Workflows of these names and what belongs to them, nothing else. Several have commas between; `*` stands
   * for anything. Default: all.
   */
  readonly workflows?: string | undefined;
}

/** What workflows share, and which table says that a workflow uses it. */
const SHARED = new Map([
  ['datasets', { key: 'id', link: 'workflow_datasets', named: 'dataset_id' }],
  ['features', { key: 'id', link: 'workflow_features', named: 'feature_id' }],
  ['job_configs', { key: 'name', link: 'workflow_job_configs', named: 'job_config_name' }],
  ['tags', { key: 'id', link: 'workflow_tags', named: 'tag_id' }],
]);

/**
 * SQL: the conditions under which a row of a table, `t`, comes. What a row refers to comes with it. The
 * schema is the modern one.
 */
export function conditionsOf(
  table: Pick<TableStructure, 'name' | 'columns'>,
  { since, workflows }: RowFilter,
): string[] {
  const conditions: string[] = [];
  if (workflows !== undefined) conditions.push(belongsTo(workflows, table));
  const began = table.columns.find(({ name }) => name === 'execution_date');
  if (since !== undefined && table.name === 'history' && began) {
    // A time without zone leaves the zone out, and is of UTC.
    conditions.push(`t.${began.quoted} >= ${sqlLiteral(`${since} 00:00:00+00`)}::${began.type}`);
  }
  return conditions;
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const day = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : Number.NaN);
  // 30 February reads as 2 March.
  return Number.isFinite(day.getTime()) && day.toISOString().startsWith(text);
}

/** @throws TransferError `INVALID_INPUT` for what isn't a day of the calendar. */
export function requireDay(since: string): void {
  if (isDay(since)) return;
  throw new TransferError(
    'INVALID_INPUT',
    `Expected a day such as 2026-11-01, got ${JSON.stringify(since)}.`,
    { suggestions: ['Nothing was changed.'] },
  );
}

/**
 * Looks for workflows on the source.
 *
 * @param workflows as in `RowFilter`.
 * @returns how many there are.
 * @throws TransferError `WORKFLOWS_NOT_FOUND` when there is none.
 */
export async function countWorkflows(
  session: Session,
  environment: string,
  workflows: string,
): Promise<number> {
  const { rows } = await session.query(
    'select count(*)::int as found from public.workflows where name like any ($1)',
    [patternsOf(workflows)],
  );
  const found = Number(rows[0]?.found);
  if (found > 0) return found;
  throw new TransferError(
    'WORKFLOWS_NOT_FOUND',
    `${environment} has no workflow whose name is like ${JSON.stringify(workflows)}.`,
    {
      suggestions: [
        `Their names: spire workflows list -e ${environment}`,
        "Several have commas between, such as 'spire_adobe_*,spire_ncs_31'.",
      ],
    },
  );
}

function belongsTo(workflows: string, table: Pick<TableStructure, 'name' | 'columns'>): string {
  const patterns = patternsOf(workflows).map(sqlLiteral);
  const chosen = `select id from public.workflows where name like any (array[${patterns}]::text[])`;
  if (table.name === 'workflows') return `t.id in (${chosen})`;
  if (table.columns.some(({ name }) => name === 'workflow_id'))
    return `t.workflow_id in (${chosen})`;
  const shared = SHARED.get(table.name);
  if (!shared) return 'false';
  return `t.${shared.key} in (
    select ${shared.named} from public.${shared.link} where workflow_id in (${chosen}))`;
}

/** As `like` writes them. */
function patternsOf(workflows: string): string[] {
  return workflows
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => name.replace(/[\\%_]/g, String.raw`\$&`).replaceAll('*', '%'));
}
