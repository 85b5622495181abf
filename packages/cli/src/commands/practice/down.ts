import { Flags } from '@oclif/core';
import { stopPractice } from '../../services/practice/practice-organisation.ts';
import { practicePaths } from '../../services/practice/practice-paths.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class PracticeDown extends SpireCommand {
  static override summary = 'stop the practice organisation; its data stays';
  static override description =
    'Ends its Postgres and its Vault; with --only one of them, to see what that breaks. practice up starts them again.';
  static override examples = [
    '<%= config.bin %> practice down',
    '<%= config.bin %> practice down --only vault',
  ];
  static override flags = {
    only: Flags.option({
      options: ['postgres', 'vault'] as const,
      description: 'the one of the two to stop',
    })(),
  };

  async run() {
    const { flags } = await this.parse(PracticeDown);
    const state = await stopPractice(practicePaths(process.env), flags.only);
    const what = { postgres: 'Postgres is stopped', vault: 'Vault is stopped' };
    this.log(`${flags.only ? what[flags.only] : 'Stopped'}. Its data stays.`);
    return state;
  }
}
