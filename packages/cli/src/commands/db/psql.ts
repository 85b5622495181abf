import { Flags } from '@oclif/core';
import { fetchCredential } from '@spire/access';
import { openPsql } from '../../services/open-psql.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbPsql extends SpireCommand {
  static override summary =
    'open psql on an environment; the session may only read unless --write is given';
  static override description =
    'psql has to be installed; where it is not, db query needs nothing. What stands after -- goes to psql.';
  static override examples = [
    '<%= config.bin %> db psql --environment local',
    '<%= config.bin %> db psql -- --command "select 1"',
  ];
  static override strict = false;
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    write: Flags.boolean({ description: 'let the session write' }),
  };

  async run() {
    const { argv, flags } = await this.parse(DbPsql);
    const environment = this.resolve(flags);
    if (flags.write) await this.confirm(environment, flags, true);
    const access = flags.write ? 'read-write' : 'read-only';
    const credential = await fetchCredential(environment, access);
    this.note(
      `${environment.name}: ${credential.host}, database ${credential.database}, as ${credential.user}, ${access}`,
    );
    process.exitCode = await openPsql(environment, credential, access, argv as string[]);
    return { environment: environment.name, exitCode: process.exitCode };
  }
}
