import { Flags } from '@oclif/core';
import { lockFor } from '../../archive-key.ts';
import { callerPath } from '../../called-as.ts';
import { quoted } from '../../paste-line.ts';
import { byteSize } from '../../render/byte-size.ts';
import { transferProgress } from '../../render/transfer-progress.ts';
import { backUpEnvironment } from '../../services/back-up-environment.ts';
import { nextBackupFile } from '../../services/backup-place.ts';
import { interruptible } from '../../services/interruptible.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbBackup extends SpireCommand {
  static override summary =
    'write the data and its schema, as they are at one moment, into an archive';
  static override description =
    'The archive is a tar of SQL and one file or more per table, compressed by zstd: spire db restore takes it back, and psql alone does too. --encrypt asks for a passphrase, or takes it from SPIRE_BACKUP_PASSPHRASE; --recipient encrypts for the holder of an age identity. Nothing is kept from writing meanwhile.';
  static override examples = [
    '<%= config.bin %> db backup --environment staging',
    '<%= config.bin %> db backup --environment production --encrypt --to spire.tar.zst.age',
  ];
  static override flags = {
    ...environmentFlag,
    to: Flags.string({
      description: 'a new file; default: one in the folder backups of the config directory',
      helpValue: 'FILE',
    }),
    encrypt: Flags.boolean({ description: 'encrypt it by a passphrase' }),
    recipient: Flags.string({
      description: 'encrypt it for the recipient (age1...); more than one may be given',
      helpValue: 'RECIPIENT',
      multiple: true,
      multipleNonGreedy: true,
      exclusive: ['encrypt'],
    }),
  };

  async run() {
    const { flags } = await this.parse(DbBackup);
    const environment = this.resolve(flags);
    const lock = await lockFor(flags);
    const backup = await this.readingLong(flags, (spire) =>
      interruptible('Nothing is left of the archive.', (signal) =>
        backUpEnvironment(spire, this.#file(flags.to, environment.name, lock !== undefined), {
          madeBy: `spire ${this.config.version}`,
          lock,
          signal,
          onStep: transferProgress(process.stderr, !this.jsonEnabled()),
        }),
      ),
    );
    this.log(`Wrote ${backup.file} (${byteSize(backup.bytes)}).`);
    this.note(`Restore it: spire db restore ${quoted(backup.file)} -e ${environment.name}`);
    if (environment.protected) this.note(SNAPSHOTS);
    return backup;
  }

  #file(given: string | undefined, environment: string, isEncrypted: boolean): string {
    if (given !== undefined) return callerPath(given);
    return nextBackupFile(process.env, environment, isEncrypted);
  }
}

const SNAPSHOTS =
  'RDS snapshots are for the loss of the server: they bring all of it back, to a minute. This archive is for single tables, other servers, and a look into the past. Keep both.';
