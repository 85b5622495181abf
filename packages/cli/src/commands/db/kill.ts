import { Args, Flags } from '@oclif/core';
import { endSession, findSession } from '@spire/transfer';
import { CliError } from '../../errors.ts';
import { renderEnding } from '../../render/session.ts';
import { withSession } from '../../services/with-session.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbKill extends SpireCommand {
  static override summary = 'cancel the statement that a session runs, or end the session';
  static override description =
    'spire db locks shows who stands before others. What a cancelled statement has done is rolled back, and so is the transaction of a session that is ended.';
  static override examples = [
    '<%= config.bin %> db kill 4711 --environment staging',
    '<%= config.bin %> db kill 4711 --environment staging --terminate',
  ];
  static override args = {
    pid: Args.string({ description: "the session's process id", required: true }),
  };
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    terminate: Flags.boolean({ description: 'end the session, and not only its statement' }),
  };

  async run() {
    const { args, flags } = await this.parse(DbKill);
    const pid = pidOf(args.pid);
    const ending = flags.terminate ? 'session' : 'statement';
    const environment = this.resolve(flags);
    const session = await this.reading(flags, (spire) =>
      withSession(spire, async (client) => {
        const found = await findSession(client, pid, ending);
        this.note(renderEnding(found, environment.name, spire.pool.options));
        return found;
      }),
    );
    const does = ending === 'session' ? 'ends a session of' : 'cancels a statement of';
    await this.confirm(environment, flags, does);
    await this.confirmed(flags, (spire) =>
      withSession(spire, (client) => endSession(client, session, ending)),
    );
    this.log(`The ${ending} of pid ${pid} has ended.`);
    return { environment: environment.name, ended: ending, session };
  }
}

function pidOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliError('USAGE', `PID: expected the number of a process, got ${text}.`, [
    'See who is there: spire db locks',
  ]);
}
