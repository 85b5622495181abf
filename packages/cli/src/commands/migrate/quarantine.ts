import { Flags } from '@oclif/core';
import { type LegacyTable, readLegacyTables, readQuarantineGroups } from '@spire/migrate';
import { callerPath } from '../../called-as.ts';
import { CliError } from '../../errors.ts';
import { renderLegacy } from '../../render/legacy.ts';
import { table } from '../../render/table.ts';
import { exportQuarantine } from '../../services/export-quarantine.ts';
import { withSession } from '../../services/with-session.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class MigrateQuarantine extends SpireCommand {
  static override summary = 'show the rows that the migrations set aside';
  static override description =
    "Counts, by former table and reason, the rows of Alembic's tables that contradict the modern ones; --export writes them to a file, a line of JSON each, exactly as they were.";
  static override examples = [
    '<%= config.bin %> migrate quarantine --environment staging',
    '<%= config.bin %> migrate quarantine --table history --export history.jsonl',
  ];
  static override flags = {
    ...environmentFlag,
    table: Flags.string({ description: 'only rows of this former table', helpValue: 'NAME' }),
    export: Flags.string({ description: 'write the rows to a new file', helpValue: 'FILE' }),
  };

  async run() {
    const { flags } = await this.parse(MigrateQuarantine);
    const file = flags.export === undefined ? undefined : callerPath(flags.export);
    return this.reading(flags, (spire) =>
      withSession(spire, async (client) => {
        const all = await readLegacyTables(client);
        if (flags.table !== undefined) requireTable(flags.table, all);
        const groups = await readQuarantineGroups(client, flags.table);
        const legacy = all.filter(({ found }) => found > 0);
        if (legacy.length > 0 && !flags.table) this.log(`${renderLegacy(legacy)}\n`);
        this.log(
          groups.length > 0
            ? table(
                ['former table', 'rows', 'set aside because'],
                groups.map((one) => [one.table, one.rows, one.reason]),
              )
            : 'No row was set aside.',
        );
        const exported = file ? await exportQuarantine(client, file, flags.table) : null;
        if (file) this.note(`Wrote ${exported} rows to ${file}.`);
        return {
          environment: spire.environment.name,
          legacy,
          quarantined: groups,
          file: file ?? null,
          exported,
        };
      }),
    );
  }
}

function requireTable(name: string, all: readonly LegacyTable[]): void {
  if (all.length === 0 || all.some(({ table: known }) => known === name)) return;
  throw new CliError('USAGE', `--table: there was no former table ${name}.`, [
    `There were ${all.map(({ table: known }) => known).join(', ')}.`,
  ]);
}
