import { Flags } from '@oclif/core';
import { fetchCredential } from '@spire/access';
import { connectionUrl } from '../../services/connection-url.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbUrl extends SpireCommand {
  static override summary = 'print the connection string of an environment';
  static override description = 'Without --with-password the password is left out.';
  static override examples = ['<%= config.bin %> db url --environment local'];
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    'with-password': Flags.boolean({ description: 'include the password' }),
  };

  async run() {
    const { flags } = await this.parse(DbUrl);
    const environment = this.resolve(flags);
    if (flags['with-password']) await this.confirm(environment, flags, 'shows a secret of');
    const credential = await fetchCredential(environment);
    const url = connectionUrl(credential.environment, credential, {
      withPassword: flags['with-password'],
    });
    this.log(url);
    return { environment: environment.name, url };
  }
}
