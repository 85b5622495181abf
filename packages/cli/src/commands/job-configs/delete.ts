import { Args } from '@oclif/core';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class JobConfigsDelete extends SpireCommand {
  static override summary = 'remove a job config that no workflow uses';
  static override examples = ['<%= config.bin %> job-configs delete adobe-assembly'];
  static override args = {
    name: Args.string({ ignoreStdin: true, description: 'name of the job config', required: true }),
  };
  static override flags = { ...environmentFlag, ...confirmFlag };

  async run() {
    const { args, flags } = await this.parse(JobConfigsDelete);
    const deleted = await this.writing(flags, true, (spire) => spire.jobConfigs.delete(args.name));
    this.log(`Removed ${deleted.name}.`);
    return { deleted };
  }
}
