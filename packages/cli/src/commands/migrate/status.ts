import { Flags } from '@oclif/core';
import { describeProblem } from '@spire/migrate';
import { EXIT } from '../../exit-codes.ts';
import { fields } from '../../render/table.ts';
import { inspectMigrations } from '../../services/migrate-environment.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateStatus extends SpireCommand {
  static override summary = 'show which migrations are applied and which are pending';
  static override examples = [
    '<%= config.bin %> migrate status --environment local',
    '<%= config.bin %> migrate status --environment staging --exit-code',
  ];
  static override flags = {
    ...environmentFlag,
    'exit-code': Flags.boolean({
      description: 'exit with 6 when something is pending or diverged',
    }),
  };

  async run() {
    const { flags } = await this.parse(MigrateStatus);
    return this.reading(flags, async (spire) => {
      const { plan, claimedAs } = await inspectMigrations(spire);
      const problems = plan.problems.map(describeProblem);
      const state = {
        environment: spire.environment.name,
        version: plan.applied.at(-1)?.tag ?? null,
        applied: plan.applied.map((file) => file.tag),
        pending: plan.pending.map((file) => file.tag),
        problems,
        claimedAs: claimedAs ?? null,
      };
      this.log(
        fields([
          ['environment', state.environment],
          ['claimed as', state.claimedAs],
          ['version', state.version],
          ['applied', state.applied.length],
          ['pending', state.pending.join(', ') || 'none'],
          ...problems.map((problem) => ['problem', problem] as const),
        ]),
      );
      const off = state.pending.length + problems.length > 0;
      if (flags['exit-code'] && off) process.exitCode = EXIT.pending;
      return state;
    });
  }
}
