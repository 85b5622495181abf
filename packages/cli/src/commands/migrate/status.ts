import { Flags } from '@oclif/core';
import { environmentNames, loadResolutionInput, resolveEnvironment } from '@spire/access';
import { EXIT } from '../../exit-codes.ts';
import { renderMigrationStatus } from '../../render/migration-status.ts';
import { lookAtMigrations, readMigrationStatus } from '../../services/migration-status.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateStatus extends SpireCommand {
  static override summary = 'show which migrations are applied and which are pending';
  static override description =
    'Without --environment all that are configured, side by side; one that cannot be reached says so.';
  static override examples = [
    '<%= config.bin %> migrate status',
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
    const environments = flags.environment
      ? [await this.reading(flags, readMigrationStatus)]
      : await this.#all();
    this.log(renderMigrationStatus(environments));
    const off = environments.some(({ pending, problems }) => pending.length + problems.length > 0);
    if (flags['exit-code'] && off) process.exitCode = EXIT.pending;
    if (!flags.environment) this.endNow();
    return { environments };
  }

  #all() {
    const input = loadResolutionInput(process.env, undefined);
    const configured = environmentNames(input)
      .map((name) => resolveEnvironment({ ...input, environment: name }))
      .filter(({ values }) => values.host ?? values.vaultAddress);
    return Promise.all(configured.map(lookAtMigrations));
  }
}
