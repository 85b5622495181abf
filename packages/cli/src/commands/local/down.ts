import { localPaths } from '../../services/local-paths.ts';
import { stopServers } from '../../services/server-pair.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class LocalDown extends SpireCommand {
  static override summary = 'stop the local environment; its data stays';
  static override examples = ['<%= config.bin %> local down'];

  async run() {
    await this.parse(LocalDown);
    const state = await stopServers(localPaths(process.env));
    this.log('Stopped. Its data stays.');
    return state;
  }
}
