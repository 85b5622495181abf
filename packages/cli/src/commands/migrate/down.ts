import { Flags } from '@oclif/core';
import { revertMigrations } from '@spire/migrate';
import { confirmPlanFlag, limitFlags, limitsOf } from '../../migrate-flags.ts';
import { applyStepText } from '../../render/apply-steps.ts';
import { planMigration } from '../../services/plan-migration.ts';
import { withSession } from '../../services/with-session.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateDown extends SpireCommand {
  static override summary = 'take back the newest migration';
  static override description =
    'Runs what was written beside a migration to take it back (TAG.down.sql). One that says why it is irreversible, or one for which nobody wrote that, is not taken back, nor is any before it.';
  static override examples = [
    '<%= config.bin %> migrate down --environment local',
    '<%= config.bin %> migrate down --environment staging --to 0012_dfp_orders --dry-run',
  ];
  static override flags = {
    ...environmentFlag,
    ...confirmPlanFlag,
    ...limitFlags,
    to: Flags.string({
      description: 'the migration that is the newest afterwards; default: the one before',
      helpValue: 'TAG',
    }),
    'dry-run': Flags.boolean({ description: 'print what would be run, and change nothing' }),
  };

  async run() {
    const { flags } = await this.parse(MigrateDown);
    const environment = this.resolve(flags);
    const selection = flags.to ? { to: flags.to } : {};
    const plan = await this.reading(flags, (spire) => planMigration(spire, 'down', selection));
    const tags = plan.files.map(({ tag }) => tag);
    const answer = { environment: environment.name, hash: plan.hash, reverted: tags };
    if (flags['dry-run'] || tags.length === 0) {
      for (const { tag, down = [] } of plan.files) this.log(`-- ${tag}\n${down.join('\n')}\n`);
      this.log(tags.length > 0 ? `plan  ${environment.name}:${plan.hash}` : 'Nothing is applied.');
      return { ...answer, dryRun: true };
    }
    if (!flags.confirm) for (const tag of tags) this.note(`  ${tag}`);
    await this.confirm(environment, flags, 'removes data from', { plan: plan.hash });
    await this.migrating(flags, limitsOf(flags), (spire) =>
      withSession(spire, (client) =>
        revertMigrations(client, {
          ...selection,
          reviewed: { environment: environment.name, hash: plan.hash },
          retryMillis: flags['retry-for'] * 1000,
          onStep: (step) => {
            const text = applyStepText(step);
            if (text) this.note(text);
          },
        }),
      ),
    );
    this.log(`Took back ${tags.length}.`);
    return { ...answer, dryRun: false };
  }
}
