import { Flags } from '@oclif/core';
import { listArchives } from '@spire/transfer';
import { renderBackups } from '../../render/backups.ts';
import { backupFolder } from '../../services/backup-place.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class DbBackups extends SpireCommand {
  static override summary = 'list the backups on this machine, newest first';
  static override description =
    'Those in the folder backups of the config directory; what --to wrote elsewhere is not among them.';
  static override examples = [
    '<%= config.bin %> db backups',
    '<%= config.bin %> db backups --environment staging',
  ];
  static override flags = {
    environment: Flags.string({
      char: 'e',
      description: 'only those of this environment',
      helpValue: 'NAME',
    }),
  };

  async run() {
    const { flags } = await this.parse(DbBackups);
    const folder = backupFolder(process.env);
    const all = await listArchives(folder);
    const backups = all.filter(
      ({ environment }) => !flags.environment || environment === flags.environment,
    );
    this.log(backups.length > 0 ? renderBackups(backups) : `There is no backup in ${folder}.`);
    if (all.length === 0) this.note('Take one: spire db backup');
    return { folder, backups };
  }
}
