import { Flags } from '@oclif/core';
import { LOCAL } from '@spire/access';
import { CliError } from '../../errors.ts';
import { quoted } from '../../paste-line.ts';
import { transferProgress } from '../../render/transfer-progress.ts';
import { nextBackupFile } from '../../services/backup-place.ts';
import { emptyEnvironment } from '../../services/empty-environment.ts';
import { interruptible } from '../../services/interruptible.ts';
import { requireUnprotected } from '../../services/require-unprotected.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbEmpty extends SpireCommand {
  static override summary = 'remove every row, and keep the schema';
  static override description =
    'All tables are emptied in one transaction, after they were backed up; what was applied, and which environment it is, stays. A protected environment is never emptied.';
  static override examples = [
    '<%= config.bin %> db empty --environment local',
    '<%= config.bin %> db empty --environment development --confirm development',
  ];
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    backup: Flags.boolean({
      description: 'back up first, into the folder of db backups; local alone can do without',
      default: true,
      allowNo: true,
    }),
  };

  async run() {
    const { flags } = await this.parse(DbEmpty);
    const environment = this.resolve(flags);
    const { name } = environment;
    requireUnprotected(environment);
    if (!flags.backup && name !== LOCAL) {
      throw new CliError('USAGE', '--no-backup is for local alone.', [
        `Leave it away: spire db empty -e ${name}`,
      ]);
    }
    await this.confirm(environment, flags, 'removes data from');
    const file = flags.backup ? nextBackupFile(process.env, name, false) : undefined;
    const emptied = await this.replacing(flags, 2, (spire) =>
      interruptible(`${name} has its rows still.`, (signal) =>
        emptyEnvironment(spire, file, {
          madeBy: `spire ${this.config.version}`,
          signal,
          onStep: transferProgress(process.stderr, !this.jsonEnabled()),
        }),
      ),
    );
    const rows = emptied.tables.reduce((sum, table) => sum + table.rows, 0);
    this.log(`Removed ${rows} rows from ${emptied.tables.length} tables of ${name}.`);
    if (file) this.note(`They are in ${file}.`);
    if (file) this.note(`Bring them back: spire db restore ${quoted(file)} -e ${name}`);
    return emptied;
  }
}
