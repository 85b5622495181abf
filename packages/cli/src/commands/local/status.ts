import { renderLocal } from '../../render/local.ts';
import { inspectLocal } from '../../services/local-environment.ts';
import { localPaths } from '../../services/local-paths.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class LocalStatus extends SpireCommand {
  static override summary = "show whether the local environment's servers run";
  static override examples = ['<%= config.bin %> local status'];

  async run() {
    await this.parse(LocalStatus);
    const state = await inspectLocal(localPaths(process.env));
    this.log(renderLocal(state));
    return state;
  }
}
