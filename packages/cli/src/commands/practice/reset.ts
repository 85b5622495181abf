import { PracticeCommand } from '../../practice-command.ts';
import { resetPractice } from '../../services/practice/practice-organisation.ts';
import { practicePaths } from '../../services/practice/practice-paths.ts';

export default class PracticeReset extends PracticeCommand {
  static override summary = 'make all of the practice organisation as new';
  static override description =
    'Removes its databases, its Vault, its config file and its logins, and makes them anew on the same ports. No other environment has a reset but local.';
  static override examples = ['<%= config.bin %> practice reset'];

  async run() {
    await this.parse(PracticeReset);
    return this.show((watcher) => resetPractice(practicePaths(process.env), watcher));
  }
}
