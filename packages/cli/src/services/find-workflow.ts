import type { SpireDBConnector, WorkflowDetails } from '@spire/sdk';
import { CliError } from '../errors.ts';

/** How a person names a workflow: by name or id, or by its trait. */
export interface WorkflowReference {
  readonly workflow?: string | undefined;
  readonly trait?: number | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * How to read the workflow that a person named. What they named is checked at once, before anybody is
 * asked to confirm.
 *
 * @returns a function that reads it, or fails with `WORKFLOW_NOT_FOUND`.
 * @throws CliError `USAGE` when none or two are named.
 */
export function findWorkflow({ workflow, trait }: WorkflowReference) {
  if ((workflow === undefined) === (trait === undefined)) {
    throw new CliError('USAGE', 'Name one workflow, by name, id or trait.', [
      'By its name or id: spire workflows get spire_adobe_30',
      'By its trait: spire workflows get --trait 30',
    ]);
  }
  return ({ workflows }: SpireDBConnector): Promise<WorkflowDetails> => {
    if (trait !== undefined) return workflows.getByTrait(trait);
    const name = workflow ?? '';
    return UUID.test(name) ? workflows.get(name) : workflows.getByName(name);
  };
}
