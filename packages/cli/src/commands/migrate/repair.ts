import { Args, Flags } from '@oclif/core';
import { planMigrations, planRepairs, readLedger, repairLedger } from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import { CliError } from '../../errors.ts';
import { table } from '../../render/table.ts';
import { currentActor } from '../../services/current-actor.ts';
import { withSession } from '../../services/with-session.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateRepair extends SpireCommand {
  static override summary = 'correct the bookkeeping of migrations';
  static override description =
    'Without an argument: what is wrong between ledger and files, and what a repair of each would write. With one: writes that, with who did it and why. Tables and rows are never touched.';
  static override examples = [
    '<%= config.bin %> migrate repair --environment staging',
    '<%= config.bin %> migrate repair 0013_more --environment staging --reason "only a comment was corrected"',
  ];
  static override args = {
    tag: Args.string({ description: 'migration whose bookkeeping is wrong', ignoreStdin: true }),
  };
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    reason: Flags.string({ description: 'why the bookkeeping was wrong', helpValue: 'TEXT' }),
  };

  async run() {
    const { args, flags } = await this.parse(MigrateRepair);
    const { name } = this.resolve(flags);
    const repairs = await this.reading(flags, (spire) =>
      withSession(spire, async (client) =>
        planRepairs(planMigrations(migrationFiles(), await readLedger(client)).problems),
      ),
    );
    const { tag } = args;
    if (tag === undefined) {
      this.log(
        repairs.length > 0
          ? table(
              ['migration', 'problem', 'a repair would mean'],
              repairs.map((one) => [one.tag, one.kind, one.change]),
            )
          : 'The bookkeeping is in order.',
      );
      return { environment: name, repairs, repaired: null };
    }
    const { reason } = flags;
    if (!reason?.trim()) {
      throw new CliError('USAGE', '--reason: say why the bookkeeping was wrong.', [
        'It is kept beside the ledger, for those who come after you.',
      ]);
    }
    const repaired = await this.writing(flags, false, (spire) =>
      withSession(spire, (client) =>
        repairLedger(client, { tag, reason, actor: currentActor(this.config.version) }),
      ),
    );
    this.log(`${repaired.tag}: ${repaired.change}.`);
    return { environment: name, repairs, repaired };
  }
}
