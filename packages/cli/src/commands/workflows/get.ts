import { renderWorkflow } from '../../render/workflow.ts';
import { findWorkflow } from '../../services/find-workflow.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';
import { traitFlag, workflowArgs } from '../../workflow-flags.ts';

export default class WorkflowsGet extends SpireCommand {
  static override summary = 'show a workflow with its dataset, schedule, tags and job configs';
  static override examples = [
    '<%= config.bin %> workflows get spire_adobe_30',
    '<%= config.bin %> workflows get --trait 30 --json',
  ];
  static override args = workflowArgs;
  static override flags = { ...environmentFlag, ...traitFlag };

  async run() {
    const { args, flags } = await this.parse(WorkflowsGet);
    const workflow = await this.reading(flags, findWorkflow({ ...args, ...flags }));
    this.log(renderWorkflow(workflow));
    return { workflow };
  }
}
