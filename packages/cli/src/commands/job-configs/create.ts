import { Args } from '@oclif/core';
import type { JobConfigInput } from '@spire/sdk';
import { loadInput } from '../../load-input.ts';
import { renderJobConfig } from '../../render/job-config.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class JobConfigsCreate extends SpireCommand {
  static override summary = 'create a job config from a file';
  static override description =
    'The file is YAML or JSON and holds name, type and definition. A definition never holds a secret: those come with the context when a job runs.';
  static override examples = [
    '<%= config.bin %> job-configs create examples/job-configs/training.yml',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      description: 'definition of the job config, or - for stdin',
      required: true,
    }),
  };
  static override flags = { ...environmentFlag, ...confirmFlag };

  async run() {
    const { args, flags } = await this.parse(JobConfigsCreate);
    const input = (await loadInput(args.file)) as JobConfigInput;
    const jobConfig = await this.writing(flags, false, (spire) => spire.jobConfigs.create(input));
    this.log(renderJobConfig(jobConfig));
    return { jobConfig };
  }
}
