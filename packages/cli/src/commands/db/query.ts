import { Args, Flags } from '@oclif/core';
import { CliError } from '../../errors.ts';
import { table } from '../../render/table.ts';
import { runStatement } from '../../services/run-statement.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class DbQuery extends SpireCommand {
  static override summary = 'run one SQL statement, which may only read unless --write is given';
  static override examples = [
    `<%= config.bin %> db query "select count(*) from workflows"`,
    `<%= config.bin %> db query "select name, enabled from workflows limit 3" --json`,
  ];
  static override args = {
    sql: Args.string({ description: 'the statement', required: true }),
  };
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    write: Flags.boolean({ description: 'let the statement write' }),
  };

  async run() {
    const { args, flags } = await this.parse(DbQuery);
    if (!args.sql.trim()) throw new CliError('USAGE', 'SQL: expected a statement, got nothing.');
    const result = flags.write
      ? await this.writing(flags, true, (spire) => runStatement(spire, args.sql, 'read write'))
      : await this.reading(flags, (spire) => runStatement(spire, args.sql, 'read only'));
    if (result.columns.length > 0) {
      this.log(
        table(
          result.columns,
          result.rows.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
        ),
      );
    }
    const count = result.rowCount ?? 0;
    this.note(`${count} ${count === 1 ? 'row' : 'rows'}`);
    return result;
  }
}
