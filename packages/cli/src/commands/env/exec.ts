import { Flags } from '@oclif/core';
import { CliError } from '../../errors.ts';
import { type ChildResult, runChild } from '../../services/run-child.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class EnvExec extends SpireCommand {
  static override summary = "run a command with an environment's credential in its variables";
  static override description =
    'The command gets PGHOST, PGUSER, PGPASSWORD and the like, DATABASE_URL, VAULT_ADDR and VAULT_ADDRESS; those of another environment are taken away. Its sessions may only read unless --write is given. Signals and exit code are passed through.';
  static override examples = [
    '<%= config.bin %> env exec --environment development -- pgcli',
    '<%= config.bin %> env exec --environment development --write -- npm run import',
  ];
  static override strict = false;
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    write: Flags.boolean({ description: 'let its sessions write' }),
  };

  async run() {
    const { own, passed } = this.split;
    const { argv, flags } = await this.parse(EnvExec, own);
    const [command, ...args] = passed;
    if (command === undefined || argv.length > 0) {
      throw new CliError('USAGE', 'Missing COMMAND: what to run, after --.', [
        'spire env exec -e development -- psql',
      ]);
    }
    const json = this.jsonEnabled();
    const { environment, result } = await this.withChildVariables(
      flags,
      async (environment, variables) => ({
        environment,
        result: await runChild(command, args, variables, json ? 'stderr' : 'stdout').catch(
          (error: NodeJS.ErrnoException) => notRun(command, error),
        ),
      }),
    );
    process.exitCode = result.exitCode;
    return { environment, command, ...result };
  }
}

/** As shells have it: 127 for a command that isn't there, 126 for one that can't be run. */
function notRun(command: string, { code }: NodeJS.ErrnoException): ChildResult {
  const why = code === 'ENOENT' ? 'is not found' : `can't be run (${code})`;
  process.stderr.write(`spire env exec: ${command} ${why}\n`);
  return { exitCode: code === 'ENOENT' ? 127 : 126, signal: null };
}
