import { Args, Flags } from '@oclif/core';
import { describeFinding } from '@spire/migrate';
import { makeMigration, schemaRoot } from '../../services/new-migration.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class MigrateNew extends SpireCommand {
  static override summary = 'write the next migration from the Drizzle tables';
  static override description =
    'drizzle-kit writes what changed between the newest snapshot and the tables in packages/schema/src/tables; --empty makes a file for SQL of your own. When nothing changed, nothing is written. When two branches both added a migration, or drizzle-kit wanted an answer that nobody could give, it fails and leaves the folder as it was.';
  static override examples = [
    '<%= config.bin %> migrate new add_run_owner',
    '<%= config.bin %> migrate new move_owners --empty',
  ];
  static override args = {
    name: Args.string({
      description: 'what it does, in lower-case words joined by _',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    empty: Flags.boolean({ description: 'make an empty one, for SQL of your own' }),
  };

  async run() {
    const { args, flags } = await this.parse(MigrateNew);
    const made = await makeMigration(schemaRoot(), {
      name: args.name,
      empty: flags.empty,
      interactive: !this.jsonEnabled() && Boolean(process.stdin.isTTY && process.stderr.isTTY),
    });
    if (!made) {
      this.log('The tables are what the newest snapshot says: nothing was written.');
      return { tag: null, path: null, findings: [] };
    }
    const { file, path, findings } = made;
    this.log(path);
    for (const finding of findings)
      this.note(`  line ${finding.line}: ${describeFinding(finding)}`);
    this.note('Read it, then try it: spire migrate up -e local');
    this.note('Does it make what the tables say: spire migrate verify');
    return {
      tag: file.tag,
      path,
      findings: findings.map(({ help, ...finding }) => ({ ...finding, help: help ?? null })),
    };
  }
}
