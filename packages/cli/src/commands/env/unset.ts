import { Args } from '@oclif/core';
import { configKey } from '../../services/config-keys.ts';
import { editedEnvironment, unsetKey } from '../../services/edit-environment.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class EnvUnset extends SpireCommand {
  static override summary = 'remove a value of an environment from the config file';
  static override examples = ['<%= config.bin %> env unset DB_HOSTNAME --environment development'];
  static override args = {
    key: Args.string({ description: 'its name', required: true, ignoreStdin: true }),
  };
  static override flags = { ...environmentFlag };

  async run() {
    const { args, flags } = await this.parse(EnvUnset);
    const key = configKey(args.key);
    const environment = editedEnvironment(process.env, flags.environment);
    const result = unsetKey(process.env, environment, key);
    if (result) this.log(`Removed ${result.key} of ${environment} from ${result.file}.`);
    else this.log(`${key.name} of ${environment} isn't in the config file: nothing to remove.`);
    return { environment, key: result?.key ?? key.name, removed: Boolean(result) };
  }
}
