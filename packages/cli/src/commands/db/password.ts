import { Flags } from '@oclif/core';
import { describeOrigin } from '@spire/access';
import { readLastingCredential } from '../../services/lasting-credential.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

// With --raw alone, `print-password.ts` does the same without oclif.

export default class DbPassword extends SpireCommand {
  static override summary = 'print the password of an environment, for a program that asks for one';
  static override description =
    'With --raw it prints the password and nothing else, as pgAdmin wants it; without, it says whose password that would be. It asks nobody, and keeps nothing. It is the credential for reading. Where Vault makes a user for each reader there is no such password.';
  static override examples = [
    '<%= config.bin %> db password --environment staging',
    '<%= config.bin %> db password --environment staging --raw',
  ];
  static override flags = {
    ...environmentFlag,
    raw: Flags.boolean({ description: 'print the password, alone', exclusive: ['json'] }),
  };

  async run() {
    const { flags } = await this.parse(DbPassword);
    const environment = this.resolve(flags);
    const { origin, password, user } = await readLastingCredential(environment);
    if (flags.raw) {
      this.log(password.reveal());
    } else {
      this.log(`The password of ${user} comes from ${describeOrigin(origin)}. It isn't shown.`);
      this.note(`Alone, for a program: spire db password -e ${environment.name} --raw`);
    }
    return { environment: environment.name, user, origin };
  }
}
