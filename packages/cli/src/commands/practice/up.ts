import { PracticeCommand } from '../../practice-command.ts';
import { startPractice } from '../../services/practice/practice-organisation.ts';
import { practicePaths } from '../../services/practice/practice-paths.ts';

export default class PracticeUp extends PracticeCommand {
  static override summary = 'start the practice organisation: three environments on this machine';
  static override description =
    'A Postgres with a database each for production, staging and development as the former platform left them, a Vault with their credentials, and a config directory of its own. Try anything there: nothing of it leaves this machine. Run it as often as you like: what is there is kept.';
  static override examples = [
    '<%= config.bin %> practice up',
    '<%= config.bin %> practice up --json',
  ];

  async run() {
    await this.parse(PracticeUp);
    return this.show((watcher) => startPractice(practicePaths(process.env), watcher));
  }
}
