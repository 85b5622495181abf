import { asCalled } from './called-as.ts';
import { quoted } from './paste-line.ts';
import { renderPractice } from './render/practice.ts';
import { stepLines } from './render/steps.ts';
import type { PracticeState } from './services/practice/practice-organisation.ts';
import { isInPractice } from './services/practice/practice-paths.ts';
import type { StepWatcher } from './services/steps.ts';
import { SpireCommand } from './spire-command.ts';

/** What the commands that start the practice organisation have in common. */
export abstract class PracticeCommand extends SpireCommand {
  /** Starts it, shows where things are, and says what to do next. */
  protected async show(
    start: (watcher: StepWatcher) => Promise<PracticeState>,
  ): Promise<PracticeState> {
    const state = await start(stepLines(process.stderr, !this.jsonEnabled()));
    this.note('');
    this.log(renderPractice(state));
    if (!isInPractice(process.env)) {
      this.note('\nWork with it in this shell:');
      this.note(`  export SPIRE_CONFIG_DIR=${quoted(state.configDirectory)}`);
    }
    this.note('\nWorth trying next:');
    for (const command of ['spire status', 'spire migrate status -e staging']) {
      this.note(`  ${asCalled(command)}`);
    }
    return state;
  }
}
