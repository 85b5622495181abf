import { migrateEnvironment } from '../../services/migrate-environment.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateUp extends SpireCommand {
  static override summary = 'apply the pending migrations';
  static override description =
    'Applies every pending migration in order, one transaction each, and writes into the database which environment it is. Run it again after a failure: it goes on where it stopped.';
  static override examples = ['<%= config.bin %> migrate up --environment local'];
  static override flags = { ...environmentFlag, ...confirmFlag };

  async run() {
    const { flags } = await this.parse(MigrateUp);
    return this.writing(
      flags,
      false,
      async (spire) => {
        const applied = await migrateEnvironment(spire, this.config.version, (tag, millis) =>
          this.note(`  ${tag}  ${Math.round(millis)} ms`),
        );
        this.log(applied.length > 0 ? `Applied ${applied.length}.` : 'Nothing pending.');
        return { environment: spire.environment.name, applied };
      },
      { from: undefined },
    );
  }
}
