import type { SpireDBConnector } from '@spire/sdk';
import { claimEnvironment, claimOf } from '../../services/claim-environment.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbClaim extends SpireCommand {
  static override summary = 'let a database say which environment it is';
  static override description =
    'The first migration does it by itself. A copy of another environment says the old name until this is changed: then the old name has to be typed.';
  static override examples = [
    '<%= config.bin %> db claim --environment staging',
    '<%= config.bin %> db claim --environment staging --confirm production',
  ];
  static override flags = { ...environmentFlag, ...confirmFlag };

  async run() {
    const { flags } = await this.parse(DbClaim);
    const look = async (spire: SpireDBConnector) => ({
      environment: spire.environment.name,
      before: await claimOf(spire),
    });
    const { environment, before } = await this.reading(flags, look, { claimedAs: null });
    if (before === environment) {
      this.log(`This database says already that it is ${environment}.`);
      return { environment, before, changed: false };
    }
    await this.writing(flags, false, (spire) => claimEnvironment(spire, before), { from: before });
    this.log(
      before === undefined
        ? `This database says from now on that it is ${environment}.`
        : `This database said that it was ${before}; from now on it is ${environment}.`,
    );
    return { environment, before: before ?? null, changed: true };
  }
}
