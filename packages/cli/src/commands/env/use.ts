import { Args } from '@oclif/core';
import {
  configDirectory,
  configPath,
  environmentNames,
  loadResolutionInput,
  requireKnown,
  setActiveEnvironment,
} from '@spire/access';
import { CliError } from '../../errors.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class EnvUse extends SpireCommand {
  static override summary = 'choose the environment that commands use when none is named';
  static override examples = ['<%= config.bin %> env use development'];
  static override args = {
    environment: Args.string({ ignoreStdin: true, description: 'its name', required: true }),
  };

  async run() {
    const { args } = await this.parse(EnvUse);
    const input = loadResolutionInput(process.env);
    requireKnown(args.environment, input);
    if (args.environment === 'production') {
      throw new CliError('USAGE', "Production can't be the default: it is named each time.", [
        'spire status --environment production',
        `Others: ${environmentNames(input)
          .filter((name) => name !== 'production')
          .join(', ')}`,
      ]);
    }
    const file = configPath(configDirectory(process.env));
    setActiveEnvironment(file, args.environment);
    this.log(`Commands use ${args.environment} from now on (${file}).`);
    return { environment: args.environment, file };
  }
}
