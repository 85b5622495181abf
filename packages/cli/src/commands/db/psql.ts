import { Flags } from '@oclif/core';
import { CliError } from '../../errors.ts';
import { runChild } from '../../services/run-child.ts';
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
    const { own, passed } = this.split;
    const { argv, flags } = await this.parse(DbPsql, own);
    if (argv.length > 0) {
      throw new CliError('USAGE', `Unexpected argument: ${argv[0]}.`, [
        'What is for psql stands after --: spire db psql -- --command "select 1"',
      ]);
    }
    const stdout = this.jsonEnabled() ? 'stderr' : 'stdout';
    const { environment, exitCode } = await this.withChildVariables(
      flags,
      async (environment, variables) => {
        const psql = runChild('psql', passed, variables, stdout);
        const { exitCode } = await psql.catch(() => {
          throw psqlMissing();
        });
        return { environment, exitCode };
      },
    );
    process.exitCode = exitCode;
    return { environment, exitCode };
  }
}

function psqlMissing(): CliError {
  return new CliError('PSQL_MISSING', "psql isn't installed here.", [
    'Run one statement without it: spire db query "select 1"',
    "Or install PostgreSQL's client tools.",
  ]);
}
