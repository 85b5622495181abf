import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { callerPath } from '../../called-as.ts';
import { CliError } from '../../errors.ts';
import { environmentsFlag } from '../../gui-flags.ts';
import { leftOutReports, renderConnections, renderLeftOut } from '../../render/gui.ts';
import { renderImport, THREE_CLICKS } from '../../render/pgadmin.ts';
import { findPgAdmin } from '../../services/pgadmin/find-pgadmin.ts';
import { importServers } from '../../services/pgadmin/import-servers.ts';
import { writeServers } from '../../services/pgadmin/write-servers.ts';
import { SpireCommand } from '../../spire-command.ts';

export default class GuiPgadmin extends SpireCommand {
  static override summary =
    'write a server for every environment, for pgAdmin, with no password in it';
  static override description =
    'pgAdmin asks Spire for the password at each connection, and keeps none. --import adds the servers to the pgAdmin of this machine, by its own Python; what it has already stays, and a second time adds nothing. Where Vault makes a user for each reader the environment is left out.';
  static override examples = [
    '<%= config.bin %> gui pgadmin --import',
    '<%= config.bin %> gui pgadmin --output servers.json',
  ];
  static override flags = {
    ...environmentsFlag,
    import: Flags.boolean({ description: 'add the servers to the pgAdmin of this machine' }),
    python: Flags.string({
      description: 'the Python that pgAdmin runs with, where it is not found by itself',
      helpValue: 'FILE',
      dependsOn: ['import'],
    }),
    output: Flags.string({
      description: 'the file to write; default: in the config directory',
      helpValue: 'FILE',
    }),
    group: Flags.string({
      description: 'the group under which pgAdmin shows them',
      helpValue: 'NAME',
      default: 'Spire',
    }),
    passfile: Flags.string({
      description:
        "for pgAdmin in server mode, which runs no commands: the password file's name in its storage",
      helpValue: 'NAME',
    }),
  };

  async run() {
    const { flags } = await this.parse(GuiPgadmin);
    const { file, passwords, servers, connections, leftOut } = await writeServers(process.env, {
      named: flags.environment,
      group: flags.group,
      output: flags.output === undefined ? undefined : callerPath(flags.output),
      passfile: flags.passfile,
      script: resolve(process.argv[1] ?? ''),
    });
    const all = Object.values(servers.Servers);
    this.log(
      renderConnections(
        'server',
        connections.map((one, index) => ({ ...one, name: all[index]?.Name ?? '' })),
      ),
    );
    if (leftOut.length > 0) this.note(`\n${renderLeftOut(leftOut)}`);
    this.note(`\nWrote ${file}, with no password in it.`);
    if (passwords) {
      this.note(
        `Wrote the passwords of now into ${passwords}, which only you may read. Put it into pgAdmin's storage as ${flags.passfile}, readable by its user alone.`,
      );
    }
    let imported: Awaited<ReturnType<typeof importServers>> | undefined;
    if (flags.import) {
      const python = flags.python === undefined ? undefined : callerPath(flags.python);
      const pgAdmin = findPgAdmin(process.env, process.platform, python);
      if (!pgAdmin) throw pgAdminMissing(file, python);
      imported = await importServers(pgAdmin, servers);
      this.log(`\n${renderImport(imported, flags.group)}`);
    } else {
      this.note(`\nImport it: spire gui pgadmin --import\nOr in pgAdmin: ${THREE_CLICKS}`);
    }
    const report = all.map(({ Name, Host, Port, MaintenanceDB, Username }, index) => ({
      name: Name,
      environment: connections[index]?.environment,
      host: Host,
      port: Port,
      database: MaintenanceDB,
      user: Username,
      readOnly: connections[index]?.readOnly,
    }));
    return {
      file,
      passfile: passwords ?? null,
      servers: report,
      leftOut: leftOutReports(leftOut),
      imported: imported ?? null,
    };
  }
}

function pgAdminMissing(file: string, python: string | undefined): CliError {
  const where = python === undefined ? 'on this machine' : `with ${python}`;
  return new CliError('PGADMIN_MISSING', `pgAdmin isn't found ${where}.`, [
    `Import ${file} in pgAdmin: ${THREE_CLICKS}`,
    'Or say which Python it runs with: spire gui pgadmin --import --python FILE',
  ]);
}
