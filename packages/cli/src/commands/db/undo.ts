import { planUndo, undoTransfer } from '@spire/transfer';
import { receiptJson } from '../../render/receipt.ts';
import { localTime } from '../../render/table.ts';
import { transferProgress } from '../../render/transfer-progress.ts';
import { interruptible } from '../../services/interruptible.ts';
import { withSession } from '../../services/with-session.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';
import { othersFlags, othersOf } from '../../transfer-flags.ts';

export default class DbUndo extends SpireCommand {
  static override summary = 'take back the last refresh, rebuild or restore';
  static override description =
    'Puts the tables back that it replaced, in one transaction: of two refreshes in turn the second is taken back, to the rows of the first. What was written since is lost.';
  static override examples = ['<%= config.bin %> db undo --environment development'];
  static override flags = { ...environmentFlag, ...confirmFlag, ...othersFlags };

  async run() {
    const { flags } = await this.parse(DbUndo);
    const environment = this.resolve(flags);
    const { name } = environment;
    const receipt = await this.reading(flags, (spire) =>
      withSession(spire, (client) => planUndo(client, name)),
    );
    const from = receipt.source === null ? '' : ` from ${receipt.source}`;
    const what = `${receipt.kind}${from} by ${receipt.actor}`;
    this.note(`The last: ${what}, ${localTime(receipt.finishedAt)}`);
    await this.confirm(environment, flags, 'removes data from');
    const onStep = transferProgress(process.stderr, !this.jsonEnabled());
    await this.replacing(flags, 2, (target) =>
      interruptible(`${name} is as it was.`, (signal) =>
        withSession(target, (client) =>
          undoTransfer(client, name, receipt, { others: othersOf(flags), onStep, signal }),
        ),
      ),
    );
    this.log(`${name} is as it was before the ${what}.`);
    return { environment: name, undone: receiptJson(receipt) };
  }
}
