import { Flags } from '@oclif/core';
import type { WorkflowPatch } from '@spire/sdk';
import { CliError } from '../../errors.ts';
import { loadInput } from '../../load-input.ts';
import { renderWorkflow } from '../../render/workflow.ts';
import { findWorkflow } from '../../services/find-workflow.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';
import { traitFlag, workflowArgs } from '../../workflow-flags.ts';

export default class WorkflowsUpdate extends SpireCommand {
  static override summary = 'change a workflow by a file';
  static override description =
    'The file holds what changes; what it does not name stays, and null takes a part away. Tags are replaced as a whole, job configs stage by stage.';
  static override examples = [
    '<%= config.bin %> workflows update spire_adobe_30 --file changes.yml',
    `echo '{"description": "Beauty > Foundation"}' | <%= config.bin %> workflows update spire_adobe_30 --file -`,
  ];
  static override args = workflowArgs;
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    ...traitFlag,
    file: Flags.string({ description: 'what to change, or - for stdin', required: true }),
  };

  async run() {
    const { args, flags } = await this.parse(WorkflowsUpdate);
    const find = findWorkflow({ ...args, ...flags });
    const patch = (await loadInput(flags.file)) as WorkflowPatch;
    if (patch && Object.keys(patch).length === 0) {
      throw new CliError('INPUT_INVALID', `${flags.file} names nothing to change.`, [
        'Give it at least one field, such as enabled: false.',
      ]);
    }
    const workflow = await this.writing(flags, false, async (spire) => {
      const { id } = await find(spire);
      return spire.workflows.update(id, patch);
    });
    this.log(renderWorkflow(workflow));
    return { workflow };
  }
}
