import { practiceSteps, renderPractice } from '../../render/practice.ts';
import { stepLines } from '../../render/steps.ts';
import { resetPractice } from '../../services/practice/practice-organisation.ts';
import { isInPractice, practicePaths } from '../../services/practice/practice-paths.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class PracticeReset extends SpireCommand {
  static override summary = 'make all of the practice organisation as new';
  static override description =
    'Removes its databases, its Vault, its config file and its logins, and makes them anew on the same ports. No other environment has a reset but local.';
  static override examples = ['<%= config.bin %> practice reset'];

  async run() {
    await this.parse(PracticeReset);
    const lines = stepLines(process.stderr, !this.jsonEnabled());
    const state = await resetPractice(practicePaths(process.env), lines);
    this.note('');
    this.log(renderPractice(state));
    this.note(practiceSteps(state, isInPractice(process.env)));
    return state;
  }
}
