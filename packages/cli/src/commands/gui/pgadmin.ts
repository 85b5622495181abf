import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import type { PgAdminServers } from '@spire/access';
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
    const { content, leftOut, ...written } = await writeServers(process.env, {
      named: flags.environment,
      group: flags.group,
      output: flags.output === undefined ? undefined : callerPath(flags.output),
      passfile: flags.passfile,
      script: resolve(process.argv[1] ?? ''),
    });
    const { file, passfile, servers } = written;
    this.log(renderConnections('server', servers));
    if (leftOut.length > 0) this.note(`\n${renderLeftOut(leftOut)}`);
    this.note(`\nWrote ${file}, with no password in it.`);
    if (passfile) {
      this.note(
        `Wrote the passwords of now into ${passfile}, which only you may read. Put it into pgAdmin's storage as ${flags.passfile}, readable by its user alone.`,
      );
    }
    const imported = flags.import ? await this.#import(content, file, flags.python) : null;
    if (imported) this.log(`\n${renderImport(imported, flags.group)}`);
    else if (passfile) this.note(`\nIn that pgAdmin: ${THREE_CLICKS}`);
    else this.note(`\nImport it: spire gui pgadmin --import\nOr in pgAdmin: ${THREE_CLICKS}`);
    return {
      file,
      passfile: passfile ?? null,
      servers,
      leftOut: leftOutReports(leftOut),
      imported,
    };
  }

  async #import(servers: PgAdminServers, file: string, given: string | undefined) {
    const python = given === undefined ? undefined : callerPath(given);
    const pgAdmin = findPgAdmin(process.env, process.platform, python);
    if (!pgAdmin) throw pgAdminMissing(file, python);
    this.note('Asking pgAdmin what it has, which takes some seconds ...');
    return await importServers(pgAdmin, servers);
  }
}

function pgAdminMissing(file: string, python: string | undefined): CliError {
  const where = python === undefined ? 'on this machine' : `with ${python}`;
  return new CliError('PGADMIN_MISSING', `pgAdmin isn't found ${where}.`, [
    `Import ${file} in pgAdmin: ${THREE_CLICKS}`,
    'Or say which Python it runs with: spire gui pgadmin --import --python FILE',
  ]);
}
