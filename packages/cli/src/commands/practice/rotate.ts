import { Flags } from '@oclif/core';
import { PRACTICE_ENVIRONMENTS } from '../../services/practice/practice-environments.ts';
import { practicePaths } from '../../services/practice/practice-paths.ts';
import { rotatePasswords } from '../../services/practice/rotate-passwords.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class PracticeRotate extends SpireCommand {
  static override summary = 'give an environment of the practice organisation new passwords';
  static override description =
    'In Postgres and in Vault, and ends the sessions of its users, as DevOps does when a password has leaked: to see what that does to a service.';
  static override examples = [
    '<%= config.bin %> practice rotate --environment staging',
    '<%= config.bin %> practice rotate --environment staging --without-vault',
  ];
  static override flags = {
    environment: Flags.string({
      char: 'e',
      description: 'environment whose passwords are changed',
      options: PRACTICE_ENVIRONMENTS.map(({ name }) => name),
      required: true,
    }),
    'without-vault': Flags.boolean({
      description: 'leave the old ones in Vault: they are refused, until practice up',
    }),
  };

  async run() {
    const { flags } = await this.parse(PracticeRotate);
    const environment = PRACTICE_ENVIRONMENTS.find(({ name }) => name === flags.environment);
    if (!environment) throw new TypeError('its options are the names');
    const inVault = !flags['without-vault'];
    const rotation = await rotatePasswords(practicePaths(process.env), environment, { inVault });
    const where = inVault
      ? 'in Postgres and in Vault'
      : 'in Postgres alone; Vault has the old ones';
    const ended = `${rotation.sessionsEnded} ${rotation.sessionsEnded === 1 ? 'session' : 'sessions'}`;
    this.log(`New passwords for ${rotation.users.join(' and ')}, ${where}. Ended ${ended}.`);
    if (!inVault) this.note('Give Postgres the passwords of Vault again: spire practice up');
    return rotation;
  }
}
