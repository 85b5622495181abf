import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Flags } from '@oclif/core';
import { LOCAL, loadResolutionInput } from '@spire/access';
import { asCalled } from '../called-as.ts';
import { question } from '../question.ts';
import { elapsed } from '../render/duration.ts';
import { renderRuns } from '../render/history.ts';
import { stepLines } from '../render/steps.ts';
import { localPaths } from '../services/local-paths.ts';
import { quickstart } from '../services/quickstart.ts';
import { selectionOf } from '../services/selection-of.ts';
import { hasShim, shimPlace, writeShim } from '../services/shim.ts';
import { SpireCommand } from '../spire-command.ts';

export default class Quickstart extends SpireCommand {
  static override summary = 'from nothing to the first workflow, on this machine';
  static override description =
    'Starts the local environment, migrates and seeds it, and does the main job once through the SDK with the credential from Vault. Run it as often as you like: what is there is kept.';
  static override examples = [
    '<%= config.bin %> quickstart',
    '<%= config.bin %> quickstart --shim',
  ];
  static override flags = {
    shim: Flags.boolean({
      description: 'put a spire command into ~/.local/bin; without this flag you are asked',
      allowNo: true,
    }),
  };

  async run() {
    const { flags } = await this.parse(Quickstart);
    const started = performance.now();
    const result = await quickstart({
      paths: localPaths(process.env),
      examples: examplesDirectory(this.config.root),
      toolVersion: this.config.version,
      variables: process.env,
      ...stepLines(process.stderr, !this.jsonEnabled()),
    });
    this.log(`\n${renderRuns(result.runs)}`);
    this.note(`\nDone in ${elapsed(performance.now() - started)}. Worth trying next:`);
    // Somebody's config file may have chosen another environment, and it isn't ours to change.
    const there =
      selectionOf(loadResolutionInput(process.env))?.name === LOCAL ? '' : ` -e ${LOCAL}`;
    for (const command of [
      `spire workflows get ${result.workflow}${there}`,
      `spire history list --status failed${there}`,
      'spire status',
    ]) {
      this.note(`  ${asCalled(command)}`);
    }
    await this.#offerShim(flags.shim);
    return result;
  }

  async #offerShim(wanted: boolean | undefined): Promise<void> {
    const shim = shimPlace(process.env);
    const script = process.argv[1];
    if (wanted === false || !script || (wanted === undefined && hasShim(shim))) return;
    const interactive = !this.jsonEnabled() && process.stdin.isTTY && process.stderr.isTTY;
    if (wanted === undefined && !interactive) {
      this.note(`\nTo type spire alone: ${asCalled('spire quickstart --shim')}`);
      return;
    }
    if (wanted === undefined) {
      const answer = await question(`\nPut a spire command into ${shim.file}? [y/N] `);
      if (!/^y(es)?$/i.test(answer)) return;
    }
    writeShim(shim, script);
    this.note(`Wrote ${shim.file}.`);
    if (shim.onPath) return;
    this.note(`Put its directory on your PATH: export PATH="${dirname(shim.file)}:$PATH"`);
  }
}

/** Beside the build, or at the root of the repository. */
function examplesDirectory(root: string): string {
  const beside = join(root, 'examples');
  return existsSync(beside) ? beside : join(root, '..', '..', 'examples');
}
