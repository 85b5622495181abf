import { Flags } from '@oclif/core';
import { type AdoptionPlan, adoptDatabase, closingSql, planAdoption } from '@spire/migrate';
import { callerPath } from '../../called-as.ts';
import { shadowFlag } from '../../migrate-flags.ts';
import { renderDifferences } from '../../render/differences.ts';
import { requireAdoptable } from '../../services/adoptable.ts';
import { currentActor } from '../../services/current-actor.ts';
import { openShadow } from '../../services/shadow-database.ts';
import { withSession } from '../../services/with-session.ts';
import { writeNewFile } from '../../services/write-new-file.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateAdopt extends SpireCommand {
  static override summary = 'take over a database that Alembic made';
  static override description =
    'Replays the baseline in a shadow and compares it with the database. When they are equal, the baseline is recorded as applied and the database says from then on which environment it is; alembic_version and all rows stay as they are. When they differ, the differences are shown, and --write-repair writes the SQL that would close them.';
  static override examples = [
    '<%= config.bin %> migrate adopt --environment staging --dry-run',
    '<%= config.bin %> migrate adopt --environment staging --write-repair repair.sql',
  ];
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    ...shadowFlag,
    'dry-run': Flags.boolean({ description: 'only say what was found' }),
    'write-repair': Flags.string({
      description: 'write the SQL that would make the tables the baseline',
      helpValue: 'FILE',
    }),
  };

  async run() {
    const { flags } = await this.parse(MigrateAdopt);
    const environment = this.resolve(flags);
    const { name } = environment;
    const plan = await this.reading(flags, async (spire) => {
      await using shadow = await openShadow(flags['shadow-url'], process.env);
      return await withSession(spire, (client) => planAdoption(client, shadow.client));
    });
    if (plan.state === 'adopted') {
      this.log(`Spire has adopted ${name} already.`);
      const nothing = { findings: [], differences: [], ignored: [] };
      return { environment: name, state: plan.state, heads: plan.heads, ...nothing, adopted: true };
    }
    for (const finding of plan.findings) this.log(finding);
    if (plan.differences.length > 0) {
      this.log(`Its tables aren't the baseline:\n${renderDifferences(plan.differences)}`);
    }
    if (plan.ignored.length > 0) {
      this.log(`Each environment's own matter:\n${renderDifferences(plan.ignored)}`);
    }
    const repair = flags['write-repair'];
    if (repair !== undefined && plan.differences.length > 0) {
      writeNewFile(callerPath(repair), closingSql(plan.differences));
      this.note(`Wrote ${callerPath(repair)}. Read it before you run it.`);
    }
    const found = {
      environment: name,
      state: plan.state,
      heads: plan.heads,
      findings: plan.findings,
      differences: plan.differences.map(({ words, sql, losesData }) => ({ words, sql, losesData })),
      ignored: plan.ignored.map(({ words }) => words),
    };
    if (flags['dry-run']) {
      this.log(STATES[plan.state]);
      return { ...found, adopted: false };
    }
    requireAdoptable(name, plan, repair);
    await this.confirm(environment, flags, 'writes to');
    await this.migrating(flags, {}, (spire) =>
      withSession(spire, (client) =>
        adoptDatabase(client, plan, name, currentActor(this.config.version)),
      ),
    );
    this.log(`Adopted. Its tables are the baseline, and it says from now on that it is ${name}.`);
    this.note(`Go on with the modern schema: spire migrate plan -e ${name}`);
    return { ...found, state: 'adopted' as const, adopted: true };
  }
}

const STATES: Readonly<Record<Exclude<AdoptionPlan['state'], 'adopted'>, string>> = {
  ready: 'It can be adopted.',
  differs: "It can't be adopted until its tables are the baseline.",
  split: "It can't be adopted until Alembic names one revision.",
  empty: 'It is empty: there is nothing to adopt.',
  unmanaged: "It can't be adopted: Alembic says nothing of it.",
};
