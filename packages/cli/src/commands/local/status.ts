import { renderServers } from '../../render/servers.ts';
import { localPaths } from '../../services/local-paths.ts';
import { inspectServers } from '../../services/server-pair.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class LocalStatus extends SpireCommand {
  static override summary = "show whether the local environment's servers run";
  static override examples = ['<%= config.bin %> local status'];

  async run() {
    await this.parse(LocalStatus);
    const state = await inspectServers(localPaths(process.env));
    this.log(renderServers(state));
    return state;
  }
}
