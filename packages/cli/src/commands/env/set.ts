import { Args } from '@oclif/core';
import { CliError } from '../../errors.ts';
import { readSecret } from '../../hidden-question.ts';
import { type ConfigKey, configKey } from '../../services/config-keys.ts';
import { editedEnvironment, setKey } from '../../services/edit-environment.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class EnvSet extends SpireCommand {
  static override summary = 'set a value of an environment in the config file';
  static override description =
    'A secret is never an argument: it is asked for without echo, or read from stdin. Nothing else in the file changes.';
  static override examples = [
    '<%= config.bin %> env set DB_HOSTNAME db.example.com --environment development',
    '<%= config.bin %> env set VAULT_TOKEN --environment development',
  ];
  static override args = {
    key: Args.string({ description: 'its name', required: true, ignoreStdin: true }),
    // What comes on stdin is a secret, not an argument.
    value: Args.string({ description: 'its value, unless it is a secret', ignoreStdin: true }),
  };
  static override flags = { ...environmentFlag };

  async run() {
    const { args, flags } = await this.parse(EnvSet);
    const key = configKey(args.key);
    const environment = editedEnvironment(process.env, flags.environment);
    const result = setKey(
      process.env,
      environment,
      key,
      await textFor(key, environment, args.value),
    );
    this.log(`Set ${result.key} of ${environment} in ${result.file}.`);
    for (const notice of result.notices) this.note(`Note: ${notice}`);
    return result;
  }
}

async function textFor(key: ConfigKey, environment: string, given: string | undefined) {
  const way = `spire env set ${key.name} -e ${environment}`;
  if (key.secret) {
    if (given === undefined) {
      const text = await readSecret(`${key.name}: `, way);
      return key.name.endsWith('TOKEN') ? text.trim() : text;
    }
    throw new CliError('USAGE', `${key.name} is a secret, and no argument: nothing was set.`, [
      "What was typed is in the shell's history by now: remove it there, or have the secret changed.",
      `It is asked for without echo: ${way}`,
    ]);
  }
  if (given !== undefined) return given;
  throw new CliError('USAGE', `Missing VALUE: what ${key.name} is to be.`, [
    `spire env set ${key.name} VALUE -e ${environment}`,
  ]);
}
