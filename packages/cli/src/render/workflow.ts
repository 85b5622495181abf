import type { WorkflowDetails, WorkflowPage } from '@spire/sdk';
import { definition } from './definition.ts';
import { fields, localTime, table } from './table.ts';

/** A page of workflows, a line each. */
export function renderWorkflows({ workflows }: WorkflowPage): string {
  if (workflows.length === 0) return 'No workflow fits.';
  const rows = workflows.map((one) => [
    one.name,
    one.traitId,
    one.enabled ? 'enabled' : 'disabled',
    one.tags.join(', '),
    one.description,
  ]);
  return table(['name', 'trait', 'state', 'tags', 'description'], rows);
}

/** Everything that defines a workflow. */
export function renderWorkflow(workflow: WorkflowDetails): string {
  const configs = Object.entries(workflow.jobConfigs).map(([stage, name]) => `${stage}: ${name}`);
  const head = fields([
    ['name', workflow.name],
    ['id', workflow.id],
    ['description', workflow.description],
    ['trait', workflow.traitId],
    ['state', workflow.enabled ? 'enabled' : 'disabled'],
    ['proxy', workflow.isProxy ? 'yes' : 'no'],
    ['tags', workflow.tags.join(', ') || null],
    ['job configs', configs.join(', ') || null],
    ['created', localTime(workflow.createdAt)],
    ['modified', localTime(workflow.modifiedAt)],
  ]);
  const { schedule, dataset } = workflow;
  return [head, definition('schedule', schedule), definition('dataset', dataset)].join('\n\n');
}
