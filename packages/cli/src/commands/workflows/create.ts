import { Args } from '@oclif/core';
import type { WorkflowInput } from '@spire/sdk';
import { loadInput } from '../../load-input.ts';
import { renderWorkflow } from '../../render/workflow.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class WorkflowsCreate extends SpireCommand {
  static override summary = 'create a workflow from a file';
  static override description =
    'The file is YAML or JSON and holds name and description, and as you like enabled, isProxy, traitId, tags, dataset, schedule and jobConfigs (a job config name per stage). Everything is written, or nothing.';
  static override examples = [
    '<%= config.bin %> workflows create examples/workflow.yml',
    'cat workflow.json | <%= config.bin %> workflows create -',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      description: 'definition of the workflow, or - for stdin',
      required: true,
    }),
  };
  static override flags = { ...environmentFlag, ...confirmFlag };

  async run() {
    const { args, flags } = await this.parse(WorkflowsCreate);
    const input = (await loadInput(args.file)) as WorkflowInput;
    const workflow = await this.writing(flags, false, (spire) => spire.workflows.create(input));
    this.log(renderWorkflow(workflow));
    return { workflow };
  }
}
