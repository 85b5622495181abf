import { findWorkflow } from '../../services/find-workflow.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';
import { traitFlag, workflowArgs } from '../../workflow-flags.ts';

export default class WorkflowsEnable extends SpireCommand {
  static override summary = 'let scheduled runs take a workflow';
  static override examples = ['<%= config.bin %> workflows enable spire_adobe_30'];
  static override args = workflowArgs;
  static override flags = { ...environmentFlag, ...confirmFlag, ...traitFlag };

  async run() {
    const { args, flags } = await this.parse(WorkflowsEnable);
    const find = findWorkflow({ ...args, ...flags });
    const workflow = await this.writing(flags, false, async (spire) => {
      const { id } = await find(spire);
      return spire.workflows.enable(id);
    });
    this.log(`${workflow.name} is enabled.`);
    return { workflow };
  }
}
