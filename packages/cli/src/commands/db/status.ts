import { renderDatabaseStatus } from '../../render/database-status.ts';
import { hiddenText } from '../../render/session.ts';
import { readSpireDatabaseStatus } from '../../services/read-database-status.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbStatus extends SpireCommand {
  static override summary = 'show how large a database is, and who is connected';
  static override description =
    'Tables with their size on disk, indexes included, and with the number of rows that Postgres estimates; connections; the oldest open transaction; which environment the database says it is and how far it is migrated. It only reads, and waits for no lock.';
  static override examples = ['<%= config.bin %> db status --environment staging'];
  static override flags = environmentFlag;

  async run() {
    const { flags } = await this.parse(DbStatus);
    const status = await this.reading(flags, readSpireDatabaseStatus);
    this.log(renderDatabaseStatus(status));
    if (status.hidden > 0) this.note(`\n${hiddenText(status.hidden)}`);
    return status;
  }
}
