import { stopPractice } from '../../services/practice/practice-organisation.ts';
import { practicePaths } from '../../services/practice/practice-paths.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class PracticeDown extends SpireCommand {
  static override summary = 'stop the practice organisation; its data stays';
  static override description = 'Ends its Postgres and its Vault. practice up starts them again.';
  static override examples = ['<%= config.bin %> practice down'];

  async run() {
    await this.parse(PracticeDown);
    const state = await stopPractice(practicePaths(process.env));
    this.log('Stopped. Its data stays.');
    return state;
  }
}
