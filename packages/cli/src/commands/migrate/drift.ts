import { Flags } from '@oclif/core';
import {
  closingSql,
  describeProblem,
  inspectDrift,
  isSchemaDifference,
  undeclaredChanges,
} from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import { EXIT } from '../../exit-codes.ts';
import { shadowFlag } from '../../migrate-flags.ts';
import { renderDifferences } from '../../render/differences.ts';
import { openShadow } from '../../services/shadow-database.ts';
import { withSession } from '../../services/with-session.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateDrift extends SpireCommand {
  static override summary = 'compare a database with what its migrations make';
  static override description =
    'Three comparisons: the Drizzle tables with the newest snapshot, the ledger with the files, and the applied migrations, replayed in a shadow, with the database: tables, columns, types, defaults, constraints, indexes, views, sequences, grants and partitions; other objects are named. Grants and extensions are shown, and keep no migration from a protected environment.';
  static override examples = [
    '<%= config.bin %> migrate drift --environment staging',
    '<%= config.bin %> migrate drift --environment staging --sql > close.sql',
    '<%= config.bin %> migrate drift --environment production --exit-code --json',
  ];
  static override flags = {
    ...environmentFlag,
    ...shadowFlag,
    sql: Flags.boolean({ description: 'print the SQL that would close the differences' }),
    'exit-code': Flags.boolean({ description: 'exit with 6 when something differs' }),
  };

  async run() {
    const { flags } = await this.parse(MigrateDrift);
    return this.reading(flags, async (spire) => {
      const { name } = spire.environment;
      await using shadow = await openShadow(flags['shadow-url'], process.env);
      const { plan, differences } = await withSession(spire, (client) =>
        inspectDrift(client, shadow.client, migrationFiles()),
      );
      const undeclared = await undeclaredChanges();
      const problems = plan.problems.map(describeProblem);

      if (undeclared === undefined) {
        this.note('The Drizzle tables were not compared: that needs a checkout with drizzle-kit.');
      }
      for (const what of undeclared ?? []) {
        this.note(`The code declares ${what} otherwise than the newest snapshot.`);
      }
      for (const problem of problems) this.note(`Ledger: ${problem}.`);
      if (plan.pending.length > 0) this.note(`Pending: ${plan.pending.length}.`);
      if (flags.sql) {
        const sql = closingSql(differences.filter(isSchemaDifference)).trimEnd();
        if (sql) this.log(sql);
        const own = differences.filter((one) => !isSchemaDifference(one));
        if (own.length > 0) {
          this.log("-- Each environment's own matter, so only if that is what you want:");
          this.log(closingSql(own).trimEnd().replaceAll(/^/gm, '-- '));
        }
        for (const { words } of differences.filter(({ sql }) => sql.length === 0)) {
          this.note(`Spire knows no SQL for this: ${words}.`);
        }
      } else if (differences.length > 0) this.log(renderDifferences(differences));
      else this.log(`${name} is what its applied migrations make (${plan.applied.length}).`);

      const off = differences.length + problems.length + (undeclared?.length ?? 0);
      if (flags['exit-code'] && off > 0) process.exitCode = EXIT.pending;
      return {
        environment: name,
        applied: plan.applied.length,
        pending: plan.pending.map(({ tag }) => tag),
        code: undeclared ?? null,
        ledger: problems,
        differences: differences.map((one) => ({
          kind: one.kind,
          name: one.name,
          table: one.table ?? null,
          change: one.change,
          words: one.words,
          sql: one.sql,
          losesData: one.losesData,
          closesGate: isSchemaDifference(one),
        })),
      };
    });
  }
}
