import { Args } from '@oclif/core';
import { renderJobConfig } from '../../render/job-config.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class JobConfigsGet extends SpireCommand {
  static override summary = 'show a job config with its definition';
  static override examples = ['<%= config.bin %> job-configs get adobe-assembly'];
  static override args = {
    name: Args.string({ ignoreStdin: true, description: 'name of the job config', required: true }),
  };
  static override flags = { ...environmentFlag };

  async run() {
    const { args, flags } = await this.parse(JobConfigsGet);
    const jobConfig = await this.reading(flags, (spire) => spire.jobConfigs.get(args.name));
    this.log(renderJobConfig(jobConfig));
    return { jobConfig };
  }
}
