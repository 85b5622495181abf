import { Flags } from '@oclif/core';
import { rebuild, rebuildEmpty } from '@spire/transfer';
import { receiptJson, renderReceipt } from '../../render/receipt.ts';
import { transferProgress } from '../../render/transfer-progress.ts';
import { copyOptions, sideOf } from '../../services/copy-options.ts';
import { interruptible } from '../../services/interruptible.ts';
import { requireUnprotected } from '../../services/require-unprotected.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';
import { copyFlags, FROM, othersOf, replaceFlags } from '../../transfer-flags.ts';

export default class DbRebuild extends SpireCommand {
  static override summary = 'build an environment anew that is out of date';
  static override description =
    'Sets aside all that the target has, whatever that is, and builds it anew: with the tables of --from and its rows, masked as spire db refresh does it, and then the migrations that those lack; or, with --empty, with the modern tables alone. All of that is swapped in one transaction: until then the target is as it was, and spire db undo brings it back. A source that Alembic still manages will do.';
  static override examples = [
    '<%= config.bin %> db rebuild --environment development --from staging',
    '<%= config.bin %> db rebuild --environment development --empty',
  ];
  static override flags = {
    ...environmentFlag,
    from: Flags.string({ ...FROM, exactlyOne: ['from', 'empty'] }),
    empty: Flags.boolean({ description: 'without rows' }),
    ...confirmFlag,
    ...copyFlags,
    ...replaceFlags,
  };

  async run() {
    const { flags } = await this.parse(DbRebuild);
    const environment = this.resolve(flags);
    const { name } = environment;
    requireUnprotected(environment);
    await this.confirm(environment, flags, 'removes data from');
    const onStep = transferProgress(process.stderr, !this.jsonEnabled());
    const options = {
      live: flags.live,
      jobs: flags.jobs,
      others: othersOf(flags),
      keepDays: flags.keep,
      onStep,
    };
    const { from } = flags;
    const version = this.config.version;
    const receipt =
      from === undefined
        ? await this.replacing(flags, 2, (target) =>
            interruptible(`${name} is as it was.`, (signal) =>
              rebuildEmpty(sideOf(target), { ...copyOptions(target, version), ...options, signal }),
            ),
          )
        : await this.moving(flags, from, flags.jobs + 1, (source, target) =>
            interruptible(`${name} is as it was.`, (signal) =>
              rebuild(sideOf(source), sideOf(target), {
                ...copyOptions(target, version, source),
                ...options,
                signal,
              }),
            ),
          );
    this.log(renderReceipt(receipt));
    this.note(`To take it back, to what was there just before: spire db undo -e ${name}`);
    return { environment: name, receipt: receiptJson(receipt) };
  }
}
