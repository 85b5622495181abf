import { Flags } from '@oclif/core';
import { EXIT } from '../../exit-codes.ts';
import { shadowFlag } from '../../migrate-flags.ts';
import { renderDifferences } from '../../render/differences.ts';
import { renderPlan } from '../../render/plan.ts';
import { planMigration, reviewMigration } from '../../services/plan-migration.ts';
import { openShadow } from '../../services/shadow-database.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigratePlan extends SpireCommand {
  static override summary = 'show what the pending migrations would do';
  static override description =
    'Prints the SQL of each pending migration, which tables each statement locks and writes anew (seen in a shadow, where all of it is run), what the linter says, whether it can be taken back, and the hash by which a protected environment wants the plan confirmed. Nothing is changed.';
  static override examples = [
    '<%= config.bin %> migrate plan --environment staging',
    '<%= config.bin %> migrate plan --environment production --to 0012_dfp_orders --json',
  ];
  static override flags = {
    ...environmentFlag,
    ...shadowFlag,
    to: Flags.string({ description: 'the last migration to apply', helpValue: 'TAG' }),
    'out-of-order': Flags.boolean({
      description: 'apply also those that are older than the newest applied one',
    }),
    'exit-code': Flags.boolean({ description: 'exit with 6 when something is pending' }),
  };

  async run() {
    const { flags } = await this.parse(MigratePlan);
    return this.reading(flags, async (spire) => {
      const plan = await planMigration(spire, 'up', {
        ...(flags.to ? { to: flags.to } : {}),
        outOfOrder: flags['out-of-order'],
      });
      await using shadow =
        plan.files.length > 0 ? await openShadow(flags['shadow-url'], process.env) : undefined;
      const review = await reviewMigration(spire, plan, shadow);
      this.log(renderPlan(plan, review));
      if (review.drift && review.drift.length > 0) {
        this.note(
          `\nThe database isn't what its applied migrations make:\n${renderDifferences(review.drift)}`,
        );
      }
      if (flags['exit-code'] && plan.files.length > 0) process.exitCode = EXIT.pending;
      return {
        environment: plan.environment,
        hash: plan.hash,
        pending: plan.files.map((file, index) => ({
          tag: file.tag,
          transactional: file.transactional,
          reversible: file.down !== undefined,
          irreversible: file.irreversible ?? null,
          statements: file.statements.map((sql, at) => ({
            sql,
            tables: review.effects?.[index]?.statements[at]?.tables ?? null,
          })),
          findings: review.findings
            .filter(({ tag }) => tag === file.tag)
            .map(({ line, rule, message, help }) => ({ line, rule, message, help: help ?? null })),
        })),
        drift: review.drift?.map(({ words }) => words) ?? null,
      };
    });
  }
}
