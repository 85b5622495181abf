import { Args, Flags } from '@oclif/core';
import type { JobConfigPatch } from '@spire/sdk';
import { loadInput } from '../../load-input.ts';
import { renderJobConfig } from '../../render/job-config.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class JobConfigsUpdate extends SpireCommand {
  static override summary = 'change type or definition of a job config by a file';
  static override examples = [
    '<%= config.bin %> job-configs update adobe-assembly --file changes.yml',
  ];
  static override args = {
    name: Args.string({ ignoreStdin: true, description: 'name of the job config', required: true }),
  };
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    file: Flags.string({ description: 'type, definition or both, or - for stdin', required: true }),
  };

  async run() {
    const { args, flags } = await this.parse(JobConfigsUpdate);
    const patch = (await loadInput(flags.file)) as JobConfigPatch;
    const jobConfig = await this.writing(flags, false, (spire) =>
      spire.jobConfigs.update(args.name, patch),
    );
    this.log(renderJobConfig(jobConfig));
    return { jobConfig };
  }
}
