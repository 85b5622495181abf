import { Flags } from '@oclif/core';
import { refresh } from '@spire/transfer';
import { receiptJson, renderReceipt } from '../../render/receipt.ts';
import { transferProgress } from '../../render/transfer-progress.ts';
import { copyOptions, sideOf } from '../../services/copy-options.ts';
import { interruptible } from '../../services/interruptible.ts';
import { requireUnprotected } from '../../services/require-unprotected.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';
import { copyFlags, FROM, othersOf, replaceFlags, requireSince } from '../../transfer-flags.ts';

export default class DbRefresh extends SpireCommand {
  static override summary = "replace an environment's rows with those of another, masked";
  static override description =
    "Copies the rows of --from, as they are at one moment, into new tables beside the target's, and swaps them in one transaction: until then the target is as it was, and spire db undo brings it back. Both have to be at the same migration. What is somebody's is masked on its way; workflows come disabled and schedules paused, so that nothing runs by a copy. A protected environment can be the source, never the target.";
  static override examples = [
    '<%= config.bin %> db refresh --environment development --from staging',
    `<%= config.bin %> db refresh --environment development --from production --since 2026-01-01 --workflows 'spire_adobe_*'`,
  ];
  static override flags = {
    ...environmentFlag,
    from: Flags.string({ ...FROM, required: true }),
    ...confirmFlag,
    since: Flags.string({
      description: 'only runs that began on this day (UTC) or later',
      helpValue: 'YYYY-MM-DD',
    }),
    workflows: Flags.string({
      description: 'only these workflows and what belongs to them; names with * for anything',
      helpValue: 'NAMES',
    }),
    ...copyFlags,
    ...replaceFlags,
  };

  async run() {
    const { flags } = await this.parse(DbRefresh);
    const { since, workflows } = flags;
    if (since !== undefined) requireSince(since);
    const environment = this.resolve(flags);
    requireUnprotected(environment);
    await this.confirm(environment, flags, 'removes data from');
    const onStep = transferProgress(process.stderr, !this.jsonEnabled());
    const receipt = await this.moving(flags, flags.from, flags.jobs + 1, (source, target) =>
      interruptible(`${environment.name} is as it was.`, (signal) =>
        refresh(sideOf(source), sideOf(target), {
          ...copyOptions(target, this.config.version, source),
          filter: { since, workflows },
          live: flags.live,
          jobs: flags.jobs,
          others: othersOf(flags),
          keepDays: flags.keep,
          onStep,
          signal,
        }),
      ),
    );
    this.log(renderReceipt(receipt));
    this.note(
      `To take it back, to what was there just before: spire db undo -e ${environment.name}`,
    );
    return { environment: environment.name, receipt: receiptJson(receipt) };
  }
}
