import { Flags } from '@oclif/core';
import {
  describeOrigin,
  openCredentials,
  type ResolvedEnvironment,
  type Secret,
  VALUE_KEYS,
  VALUE_NAMES,
} from '@spire/access';
import { CliError } from '../../errors.ts';
import { fields, table } from '../../render/table.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class EnvShow extends SpireCommand {
  static override summary =
    'show each value of an environment, where it came from and what it overrode';
  static override description =
    'Secrets show as [redacted]; --reveal shows one, on a terminal alone. Nothing is asked over the network without --vault.';
  static override examples = [
    '<%= config.bin %> env show --environment staging',
    '<%= config.bin %> env show --environment staging --vault',
  ];
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    vault: Flags.boolean({ description: 'ask Vault too, and show what its secret says' }),
    reveal: Flags.string({
      description: 'show the value of one secret, on a terminal alone',
      helpValue: 'KEY',
    }),
  };

  async run() {
    const { flags } = await this.parse(EnvShow);
    const resolved = this.resolve(flags);
    const secret = flags.reveal === undefined ? undefined : secretKey(flags.reveal);
    if (secret) {
      requireTerminal(this.jsonEnabled());
      await this.confirm(resolved, flags, 'shows a secret of');
    }
    const environment = flags.vault ? await askVault(resolved) : resolved;
    if (secret) {
      this.log(secretOf(environment, secret).reveal());
      return { environment: environment.name };
    }
    const rows = rowsOf(environment);
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

function rowsOf({ values }: ResolvedEnvironment) {
  return VALUE_KEYS.flatMap((key) => {
    const resolved = values[key];
    if (!resolved) return [];
    return {
      key: VALUE_NAMES[key].names[0] ?? key,
      value: String(resolved.value),
      origin: resolved.origin,
      overrode: resolved.overrode.map(({ value, origin }) => ({ value: String(value), origin })),
    };
  });
}

/** A user that Vault makes for the look is ended after it. */
async function askVault(environment: ResolvedEnvironment): Promise<ResolvedEnvironment> {
  await using credentials = openCredentials(environment);
  return (await credentials.get()).environment;
}

function requireTerminal(json: boolean): void {
  if (process.stdout.isTTY && !json) return;
  throw new CliError(
    'USAGE',
    'A secret is revealed on a terminal alone, not to a pipe or a file.',
    ['For a program: spire env exec -- COMMAND'],
  );
}

const SECRETS = ['password', 'vaultToken'] as const;
type SecretKey = (typeof SECRETS)[number];

function secretKey(name: string): SecretKey {
  const key = SECRETS.find((one) => VALUE_NAMES[one].names.includes(name));
  if (key) return key;
  throw new CliError('USAGE', `${JSON.stringify(name)} is no secret of an environment.`, [
    `Secrets are: ${SECRETS.flatMap((one) => VALUE_NAMES[one].names).join(', ')}`,
  ]);
}

function secretOf({ name, values }: ResolvedEnvironment, key: SecretKey): Secret {
  const secret = values[key]?.value;
  if (secret) return secret;
  throw new CliError('USAGE', `${name} has no ${VALUE_NAMES[key].names[0]}.`, [
    key === 'password' ? 'The one that Vault has: add --vault' : `spire login -e ${name}`,
  ]);
}
