import { Args, Flags } from '@oclif/core';
import { isEncrypted } from '@spire/transfer';
import { keyFor } from '../../archive-key.ts';
import { callerPath } from '../../called-as.ts';
import { confirmPlanFlag } from '../../migrate-flags.ts';
import { receiptJson, renderReceipt } from '../../render/receipt.ts';
import { renderRestorePlan } from '../../render/restore-plan.ts';
import { transferProgress } from '../../render/transfer-progress.ts';
import { currentActor } from '../../services/current-actor.ts';
import { interruptible } from '../../services/interruptible.ts';
import {
  planRestoreInto,
  readRestorable,
  restoreInto,
} from '../../services/restore-environment.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';
import { othersOf, replaceFlags } from '../../transfer-flags.ts';

/** One that holds the lock, and four that load and build. */
const SESSIONS = 5;

export default class DbRestore extends SpireCommand {
  static override summary = 'put a backup in the place of the data';
  static override description =
    'Reads all of the archive first, fills tables beside those that are there, and swaps them in one transaction: on any failure the environment is as it was. What was replaced is kept for db undo. Where the archive is at another migration, the environment is at that one afterwards. An archive of a protected environment goes into that environment alone.';
  static override examples = [
    '<%= config.bin %> db restore staging-20261128T080000Z.tar.zst --environment staging --confirm staging',
    '<%= config.bin %> db restore spire.tar.zst.age --identity identity.txt --environment local',
  ];
  static override args = {
    file: Args.string({ description: 'the archive', required: true }),
  };
  static override flags = {
    ...environmentFlag,
    ...confirmPlanFlag,
    identity: Flags.string({
      description: 'a file with the age identity that the archive was encrypted for',
      helpValue: 'FILE',
    }),
    ...replaceFlags,
    'dry-run': Flags.boolean({ description: 'say what would be done, and change nothing' }),
  };

  async run() {
    const { args, flags } = await this.parse(DbRestore);
    const environment = this.resolve(flags);
    const { name } = environment;
    const file = callerPath(args.file);
    const key = (await isEncrypted(file)) ? await keyFor(flags) : undefined;
    const archive = await readRestorable(file, key, environment);
    const plan = await this.reading(flags, (spire) => planRestoreInto(spire, archive));
    const { header, tables } = archive;
    const answer = {
      environment: name,
      file,
      archive: {
        environment: header.environment,
        takenAt: header.takenAt,
        head: header.head,
        tables,
      },
      replaced: plan.replaced,
      hash: plan.hash,
    };
    const text = renderRestorePlan(name, archive, plan);
    if (flags['dry-run']) {
      this.log(text);
      return { ...answer, receipt: null };
    }
    this.note(text);
    await this.confirm(environment, flags, 'removes data from', {
      plan: environment.protected ? plan.hash : null,
    });
    const receipt = await this.replacing(flags, SESSIONS, (spire) =>
      interruptible(`${name} is as it was.`, (signal) =>
        restoreInto(spire, archive, plan, {
          actor: currentActor(this.config.version),
          others: othersOf(flags),
          keepDays: flags.keep,
          onStep: transferProgress(process.stderr, !this.jsonEnabled()),
          signal,
        }),
      ),
    );
    this.log(renderReceipt(receipt));
    this.note(`To take it back, to what was there just before: spire db undo -e ${name}`);
    return { ...answer, receipt: receiptJson(receipt) };
  }
}
