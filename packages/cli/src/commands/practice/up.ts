import { practiceSteps, renderPractice } from '../../render/practice.ts';
import { stepLines } from '../../render/steps.ts';
import { startPractice } from '../../services/practice/practice-organisation.ts';
import { isInPractice, practicePaths } from '../../services/practice/practice-paths.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class PracticeUp extends SpireCommand {
  static override summary = 'start the practice organisation: three environments on this machine';
  static override description =
    'A Postgres with a database each for production, staging and development as the former platform left them, a Vault with their credentials, and a config directory of its own. Try anything there: nothing of it leaves this machine. Run it as often as you like: what is there is kept.';
  static override examples = [
    '<%= config.bin %> practice up',
    '<%= config.bin %> practice up --json',
  ];

  async run() {
    await this.parse(PracticeUp);
    const lines = stepLines(process.stderr, !this.jsonEnabled());
    const state = await startPractice(practicePaths(process.env), lines);
    this.note('');
    this.log(renderPractice(state));
    this.note(practiceSteps(state, isInPractice(process.env)));
    return state;
  }
}
