import { findWorkflow } from '../../services/find-workflow.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';
import { traitFlag, workflowArgs } from '../../workflow-flags.ts';

export default class WorkflowsDelete extends SpireCommand {
  static override summary = 'remove a workflow with its history';
  static override examples = ['<%= config.bin %> workflows delete spire_adobe_30'];
  static override args = workflowArgs;
  static override flags = { ...environmentFlag, ...confirmFlag, ...traitFlag };

  async run() {
    const { args, flags } = await this.parse(WorkflowsDelete);
    const find = findWorkflow({ ...args, ...flags });
    const deleted = await this.writing(flags, true, async (spire) => {
      const { id } = await find(spire);
      return spire.workflows.delete(id);
    });
    this.log(`Removed ${deleted.name} with its history.`);
    return { deleted };
  }
}
