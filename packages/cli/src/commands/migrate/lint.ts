import { Args } from '@oclif/core';
import { describeFinding, lintMigration, requireFile } from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import { EXIT } from '../../exit-codes.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class MigrateLint extends SpireCommand {
  static override summary = 'read migrations for what may hurt a database in use';
  static override description =
    'Drops, rewrites, indexes without CONCURRENTLY and unsafe constraints are found by squawk; what has no way back, and directives that say nothing, by Spire. Exits with 1 when something is found. A rule is let pass where it hurts nobody: -- spire:allow <rule> reason=<why>';
  static override examples = [
    '<%= config.bin %> migrate lint',
    '<%= config.bin %> migrate lint 0012_dfp_orders',
  ];
  static override args = {
    tag: Args.string({ description: 'migration to read; default: all', ignoreStdin: true }),
  };

  async run() {
    const { args } = await this.parse(MigrateLint);
    const all = migrationFiles();
    const files = args.tag === undefined ? all : [requireFile(all, args.tag)];
    const findings = (await Promise.all(files.map(lintMigration))).flat();
    for (const finding of findings) {
      this.log(`${finding.tag}.sql:${finding.line}  ${describeFinding(finding)}`);
    }
    if (findings.length > 0) process.exitCode = EXIT.failed;
    else this.log(`Nothing found in ${files.length} migrations.`);
    return {
      migrations: files.map(({ tag }) => tag),
      findings: findings.map(({ help, ...finding }) => ({ ...finding, help: help ?? null })),
    };
  }
}
