import { Flags } from '@oclif/core';
import { renderJobConfigs } from '../../render/job-config.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';
import { pageFlags } from '../../workflow-flags.ts';

export default class JobConfigsList extends SpireCommand {
  static override summary = 'list job configs by name';
  static override aliases = ['job-configs'];
  static override examples = ['<%= config.bin %> job-configs list --type SpireJarJobConfig'];
  static override flags = {
    ...environmentFlag,
    type: Flags.string({ description: 'only those of this type' }),
    search: Flags.string({ description: 'only those with this in their name' }),
    ...pageFlags,
  };

  async run() {
    const { flags } = await this.parse(JobConfigsList);
    const page = await this.reading(flags, (spire) => spire.jobConfigs.list(flags));
    this.log(renderJobConfigs(page));
    this.notePage(page.next);
    return { jobConfigs: page.jobConfigs, next: page.next ?? null };
  }
}
