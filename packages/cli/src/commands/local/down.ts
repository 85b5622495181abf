import { stopLocal } from '../../services/local-environment.ts';
import { localPaths } from '../../services/local-paths.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class LocalDown extends SpireCommand {
  static override summary = 'stop the local environment; its data stays';
  static override examples = ['<%= config.bin %> local down'];

  async run() {
    await this.parse(LocalDown);
    const state = await stopLocal(localPaths(process.env));
    this.log('Stopped. Its data stays.');
    return state;
  }
}
