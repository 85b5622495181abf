import { Flags } from '@oclif/core';
import { readLocks } from '@spire/transfer';
import { endingText, renderLocks } from '../../render/locks.ts';
import { hiddenText } from '../../render/session.ts';
import { withSession } from '../../services/with-session.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbLocks extends SpireCommand {
  static override summary = 'show who waits for whose locks, and which statements take long';
  static override description =
    'Statements are shown without values, which may be personal: each is a question mark. It only reads, and waits for no lock.';
  static override examples = [
    '<%= config.bin %> db locks --environment staging',
    '<%= config.bin %> db locks --environment staging --longer-than 5',
  ];
  static override flags = {
    ...environmentFlag,
    'longer-than': Flags.integer({
      description: 'seconds from which on a statement takes long',
      helpValue: 'SECONDS',
      default: 60,
      min: 0,
    }),
  };

  async run() {
    const { flags } = await this.parse(DbLocks);
    const longerThan = flags['longer-than'];
    const { name } = this.resolve(flags);
    const locks = await this.reading(flags, (spire) =>
      withSession(spire, (client) => readLocks(client, longerThan)),
    );
    this.log(renderLocks(locks, longerThan));
    if (locks.hidden > 0) this.note(`\n${hiddenText(locks.hidden)}`);
    for (const text of endingText(locks, name)) this.note(`\n${text}`);
    return { environment: name, ...locks };
  }
}
