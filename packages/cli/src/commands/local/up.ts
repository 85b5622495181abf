import { Flags } from '@oclif/core';
import { renderServers } from '../../render/servers.ts';
import { startLocal } from '../../services/local-environment.ts';
import { localPaths } from '../../services/local-paths.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class LocalUp extends SpireCommand {
  static override summary = 'start the local environment: a Postgres and a Vault on this machine';
  static override examples = [
    '<%= config.bin %> local up',
    '<%= config.bin %> local up --postgres-port 55432',
  ];
  static override flags = {
    'postgres-port': Flags.integer({ description: 'port of Postgres', min: 1, max: 65535 }),
    'vault-port': Flags.integer({ description: 'port of Vault', min: 1, max: 65535 }),
  };

  async run() {
    const { flags } = await this.parse(LocalUp);
    const state = await startLocal(localPaths(process.env), {
      postgres: flags['postgres-port'],
      vault: flags['vault-port'],
    });
    this.log(renderServers(state));
    return state;
  }
}
