import { describeOrigin, type Origin, VALUE_NAMES } from '@spire/access';
import { fields, table } from '../../render/table.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class EnvShow extends SpireCommand {
  static override summary =
    'show each value of an environment, where it came from and what it overrode';
  static override description = 'Secrets show as [redacted]. Nothing is asked over the network.';
  static override examples = ['<%= config.bin %> env show --environment staging'];
  static override flags = { ...environmentFlag };

  async run() {
    const { flags } = await this.parse(EnvShow);
    const environment = this.resolve(flags);
    const rows = Object.entries(environment.values).map(([key, resolved]) => ({
      key: VALUE_NAMES[key as keyof typeof VALUE_NAMES].names[0] ?? key,
      value: String(resolved.value),
      origin: resolved.origin as Origin,
      overrode: resolved.overrode.map((one) => ({ value: String(one.value), origin: one.origin })),
    }));
    this.log(
      fields([
        ['environment', environment.name],
        ['chosen by', describeOrigin(environment.selectedBy)],
        ['protected', environment.protected ? 'yes: writes ask for its name' : 'no'],
        ['contacts', environment.contacts.join(', ') || '-'],
      ]),
    );
    this.log();
    this.log(
      table(
        ['value', 'is', 'from', 'overrode'],
        rows.map((row) => [
          row.key,
          row.value,
          describeOrigin(row.origin),
          row.overrode.map((one) => `${one.value} (${describeOrigin(one.origin)})`).join(', '),
        ]),
      ),
    );
    return {
      environment: environment.name,
      selectedBy: environment.selectedBy,
      protected: environment.protected,
      contacts: environment.contacts,
      values: rows,
      notices: environment.notices,
    };
  }
}
