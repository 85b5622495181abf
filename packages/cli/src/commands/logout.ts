import { logOut } from '../services/log-out.ts';
import { environmentFlag, SpireCommand } from '../spire-command.ts';

export default class Logout extends SpireCommand {
  static override summary = 'revoke the Vault token that login stored, and forget it';
  static override description =
    'Tokens that were shared from it end with it. A token in the config file or in a variable is not touched.';
  static override examples = ['<%= config.bin %> logout --environment development'];
  static override flags = { ...environmentFlag };

  async run() {
    const { flags } = await this.parse(Logout);
    const environment = this.resolve(flags);
    const result = await logOut(environment, process.env);
    const { name } = environment;
    if (!result) this.log(`Nobody had logged in to ${name}.`);
    else if (result.revoked) this.log(`Logged out of ${name}: the token is revoked and forgotten.`);
    else this.log(`Logged out of ${name}: the token had ended already, and is forgotten.`);
    return { environment: name, loggedOut: Boolean(result), revoked: result?.revoked ?? false };
  }
}
