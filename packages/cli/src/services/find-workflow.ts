import type { SpireDBConnector } from '@spire/sdk';
import { CliError } from '../errors.ts';

/** How a person names a workflow: by name or id, or by its trait. */
export interface WorkflowReference {
  readonly workflow?: string | undefined;
  readonly trait?: number | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads the workflow that a person named.
 *
 * @throws CliError `USAGE` when none or two are named; SpireDBError `WORKFLOW_NOT_FOUND`.
 */
export function findWorkflow(spire: SpireDBConnector, { workflow, trait }: WorkflowReference) {
  if ((workflow === undefined) === (trait === undefined)) {
    throw new CliError('USAGE', 'Name one workflow, by name, id or trait.', [
      'By its name or id: spire workflows get spire_adobe_30',
      'By its trait: spire workflows get --trait 30',
    ]);
  }
  if (trait !== undefined) return spire.workflows.getByTrait(trait);
  const name = workflow ?? '';
  return UUID.test(name) ? spire.workflows.get(name) : spire.workflows.getByName(name);
}
