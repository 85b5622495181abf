import { Flags } from '@oclif/core';
import { confirmPlanFlag, limitFlags, limitsOf, shadowFlag } from '../../migrate-flags.ts';
import { applyStepText } from '../../render/apply-steps.ts';
import { renderLegacy } from '../../render/legacy.ts';
import { requireOpenGate } from '../../services/gate.ts';
import { migrateEnvironment } from '../../services/migrate-environment.ts';
import { planMigration, reviewMigration } from '../../services/plan-migration.ts';
import { openShadow } from '../../services/shadow-database.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateUp extends SpireCommand {
  static override summary = 'apply the pending migrations';
  static override description =
    'Applies every pending migration in order, one transaction each, and writes into the database which environment it is. Run it again after a failure: it goes on where it stopped. A protected environment takes only a plan that was reviewed (--confirm ENVIRONMENT:HASH, see migrate plan), that the linter finds nothing in, that runs in a shadow, and whose database has not drifted.';
  static override examples = [
    '<%= config.bin %> migrate up --environment local',
    '<%= config.bin %> migrate up --environment production --confirm production:1f3c5a7e9b2d',
  ];
  static override flags = {
    ...environmentFlag,
    ...confirmPlanFlag,
    ...shadowFlag,
    ...limitFlags,
    to: Flags.string({ description: 'the last migration to apply', helpValue: 'TAG' }),
    'out-of-order': Flags.boolean({
      description: 'apply also those that are older than the newest applied one',
    }),
    'drop-invalid-indexes': Flags.boolean({
      description: 'drop what an interrupted CREATE INDEX CONCURRENTLY left, and build it anew',
    }),
  };

  async run() {
    const { flags } = await this.parse(MigrateUp);
    const environment = this.resolve(flags);
    const selection = {
      ...(flags.to ? { to: flags.to } : {}),
      outOfOrder: flags['out-of-order'],
    };
    const plan = environment.protected
      ? await this.reading(flags, (spire) => planMigration(spire, 'up', selection))
      : undefined;
    if (plan?.claimed && plan.files.length === 0) {
      this.log('Nothing pending.');
      return { environment: environment.name, applied: [], legacy: [] };
    }
    if (!flags.confirm) for (const { tag } of plan?.files ?? []) this.note(`  ${tag}`);
    await this.confirm(environment, flags, 'writes to', { plan: plan?.hash ?? null });
    if (plan && plan.files.length > 0) {
      await this.reading(flags, async (spire) => {
        await using shadow = await openShadow(flags['shadow-url'], process.env);
        requireOpenGate(plan.environment, await reviewMigration(spire, plan, shadow));
      });
    }
    // Who named a plan of an environment that doesn't ask for one meant that one.
    const given = flags.confirm?.split(':')[1];
    const hash = plan?.hash ?? given;

    return this.migrating(flags, limitsOf(flags), async (spire) => {
      const { applied, legacy } = await migrateEnvironment(spire, this.config.version, {
        ...selection,
        dropInvalidIndexes: flags['drop-invalid-indexes'],
        retryMillis: flags['retry-for'] * 1000,
        ...(hash === undefined ? {} : { reviewed: { environment: environment.name, hash } }),
        onStep: (step) => {
          const text = applyStepText(step);
          if (text) this.note(text);
        },
      });
      this.log(applied.length > 0 ? `Applied ${applied.length}.` : 'Nothing pending.');
      if (legacy.length > 0) this.log(`\n${renderLegacy(legacy)}`);
      if (legacy.some(({ quarantined }) => quarantined > 0)) {
        this.note(`\nSee what was set aside: spire migrate quarantine -e ${environment.name}`);
      }
      return { environment: environment.name, applied, legacy };
    });
  }
}
