import { declaredStatements, verifyMigrations } from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import { CliError } from '../../errors.ts';
import { EXIT } from '../../exit-codes.ts';
import { shadowFlag } from '../../migrate-flags.ts';
import { renderDifferences } from '../../render/differences.ts';
import { openShadow } from '../../services/shadow-database.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class MigrateVerify extends SpireCommand {
  static override summary = 'check that the migrations make what the Drizzle tables say';
  static override description =
    'Replays all migrations in a shadow and compares the result with what drizzle-kit makes of the Drizzle tables there. Exits with 1 when they differ. Needs a checkout.';
  static override examples = ['<%= config.bin %> migrate verify'];
  static override flags = { ...shadowFlag };

  async run() {
    const { flags } = await this.parse(MigrateVerify);
    const statements = await declaredStatements();
    if (!statements) {
      throw new CliError('CHECKOUT_REQUIRED', "drizzle-kit isn't installed here.", [
        'Run it in a checkout of the repository: pnpm spire migrate verify',
      ]);
    }
    const files = migrationFiles();
    await using shadow = await openShadow(flags['shadow-url'], process.env);
    const differences = await verifyMigrations(shadow.client, files, statements);
    if (differences.length > 0) {
      this.log(
        `What the code declares isn't what the migrations make:\n${renderDifferences(differences)}`,
      );
      process.exitCode = EXIT.failed;
    } else {
      this.log(`${files.length} migrations make what the Drizzle tables say.`);
    }
    return { migrations: files.length, differences: differences.map(({ words }) => words) };
  }
}
