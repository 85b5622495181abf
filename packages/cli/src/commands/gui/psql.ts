import { environmentsFlag } from '../../gui-flags.ts';
import { quoted } from '../../paste-line.ts';
import { leftOutReports, renderConnections, renderLeftOut } from '../../render/gui.ts';
import { writePsqlFiles } from '../../services/psql-files.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class GuiPsql extends SpireCommand {
  static override summary =
    'write a service for every environment, for psql and what else uses libpq';
  static override description =
    'Writes pg_service.conf and pgpass into the config directory. pgpass holds the passwords, as psql needs them: only you may read it. Where Vault makes a user for each reader the environment is left out.';
  static override examples = [
    '<%= config.bin %> gui psql',
    '<%= config.bin %> gui psql --environment staging --environment local',
  ];
  static override flags = { ...environmentsFlag };

  async run() {
    const { flags } = await this.parse(GuiPsql);
    const { leftOut, ...written } = await writePsqlFiles(process.env, flags.environment);
    const { passfile, serviceFile, services } = written;
    this.log(
      renderConnections(
        'service',
        services.map((one) => ({ ...one, name: one.service })),
      ),
    );
    if (leftOut.length > 0) this.note(`\n${renderLeftOut(leftOut)}`);
    this.note(
      `\nWrote ${serviceFile}, and the passwords of now into ${passfile}, which only you may read. After a change of one, call this again.\n`,
    );
    const first = services.findLast(({ readOnly }) => !readOnly) ?? services[0];
    this.log(`${exportLine('PGSERVICEFILE', serviceFile)}\npsql service=${first?.service}`);
    return { ...written, leftOut: leftOutReports(leftOut) };
  }
}

function exportLine(name: string, value: string): string {
  return process.platform === 'win32'
    ? `set "${name}=${value}"`
    : `export ${name}=${quoted(value)}`;
}
