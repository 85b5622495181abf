import { renderServers } from '../../render/servers.ts';
import { removeLocal, startLocal } from '../../services/local-environment.ts';
import { localPaths } from '../../services/local-paths.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class LocalReset extends SpireCommand {
  static override summary = 'remove all data of the local environment and start it empty';
  static override examples = ['<%= config.bin %> local reset'];

  async run() {
    await this.parse(LocalReset);
    const paths = localPaths(process.env);
    await removeLocal(paths);
    const state = await startLocal(paths);
    this.log(renderServers(state));
    return state;
  }
}
