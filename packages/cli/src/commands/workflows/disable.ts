import { findWorkflow } from '../../services/find-workflow.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';
import { traitFlag, workflowArgs } from '../../workflow-flags.ts';

export default class WorkflowsDisable extends SpireCommand {
  static override summary = 'keep scheduled runs from taking a workflow';
  static override examples = ['<%= config.bin %> workflows disable spire_adobe_30'];
  static override args = workflowArgs;
  static override flags = { ...environmentFlag, ...confirmFlag, ...traitFlag };

  async run() {
    const { args, flags } = await this.parse(WorkflowsDisable);
    const find = findWorkflow({ ...args, ...flags });
    const workflow = await this.writing(flags, false, async (spire) => {
      const { id } = await find(spire);
      return spire.workflows.disable(id);
    });
    this.log(`${workflow.name} is disabled.`);
    return { workflow };
  }
}
