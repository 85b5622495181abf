import { Flags } from '@oclif/core';
import { renderWorkflows } from '../../render/workflow.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';
import { pageFlags } from '../../workflow-flags.ts';

export default class WorkflowsList extends SpireCommand {
  static override summary = 'list workflows by name';
  static override aliases = ['workflows'];
  static override examples = [
    '<%= config.bin %> workflows list --vendor adobe --enabled',
    '<%= config.bin %> workflows list --tag beauty --environment staging --json',
  ];
  static override flags = {
    ...environmentFlag,
    enabled: Flags.boolean({ description: 'only enabled ones', exclusive: ['disabled'] }),
    disabled: Flags.boolean({ description: 'only disabled ones' }),
    vendor: Flags.string({ description: 'only those named spire_VENDOR_...' }),
    tag: Flags.string({ description: 'only those with this tag' }),
    'job-config': Flags.string({ description: 'only those that use this job config' }),
    search: Flags.string({ description: 'only those with this in name or description' }),
    ...pageFlags,
  };

  async run() {
    const { flags } = await this.parse(WorkflowsList);
    const enabled = flags.enabled ? true : flags.disabled ? false : undefined;
    const page = await this.reading(flags, (spire) =>
      spire.workflows.list({ ...flags, enabled, jobConfig: flags['job-config'] }),
    );
    this.log(renderWorkflows(page));
    this.notePage(page.next);
    return { workflows: page.workflows, next: page.next ?? null };
  }
}
