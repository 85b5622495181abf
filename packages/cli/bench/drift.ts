import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  applyMigrations,
  clearShadow,
  compareCatalogues,
  inspectDrift,
  matchViews,
  readCatalogue,
  replay,
} from '@spire/migrate';
import { migrationFiles } from '@spire/schema';
import type { PostgresServer } from '@spire/servers';
import pg from 'pg';
import { generateJournal } from './generated-journal.ts';
import { type Contender, measure } from './measure.ts';
import { withClient } from './with-client.ts';

const TABLES = 100;

/** The programs of the newest Postgres here that has pg_dump; undefined where none has. */
export function dumpingPostgres(): string | undefined {
  const found = globSync('/usr/lib/postgresql/*/bin/pg_dump').map(dirname);
  const versionOf = (binaries: string) => Number(/\d+/.exec(binaries)?.[0]);
  return found
    .filter((binaries) => versionOf(binaries) >= 14 && existsSync(join(binaries, 'postgres')))
    .sort((one, other) => versionOf(other) - versionOf(one))[0];
}

/**
 * Times the comparison of a database with its migrations, beside a dump of its schema.
 *
 * @param binaries the programs of the server, if pg_dump is one of them.
 */
export async function measureDrift(
  server: PostgresServer,
  folder: string,
  binaries: string | undefined,
): Promise<void> {
  const files = migrationFiles(generateJournal(join(folder, 'tables'), TABLES));
  const url = await server.createDatabase('tables');
  const actor = { name: 'bench', toolVersion: '0' };
  await withClient(url, (client) => applyMigrations(client, { actor, files }));
  const shadow = new pg.Client({ connectionString: await server.createDatabase('shadow') });
  await shadow.connect();
  await shadow.query('set client_min_messages = warning');
  const contenders: Contender[] = [
    {
      name: 'inspectDrift, from connecting to the comparison: the migrations replayed in an empty shadow',
      goal: 3,
      prepare: () => clearShadow(shadow),
      run: () => withClient(url, (live) => inspectDrift(live, shadow, files)),
    },
    {
      name: 'the comparison alone: two catalogues read and compared',
      prepare: async () => {
        await clearShadow(shadow);
        await replay(shadow, files);
      },
      run: () =>
        withClient(url, async (live) => {
          const [expected, actual] = await Promise.all([
            readCatalogue(shadow),
            readCatalogue(live),
          ]);
          compareCatalogues(expected, await matchViews(shadow, actual));
        }),
    },
  ];
  if (binaries)
    contenders.unshift({ name: 'pg_dump --schema-only', run: () => dump(server, binaries) });
  else
    console.log(
      'skipped: pg_dump, because no /usr/lib/postgresql/*/bin has it (Debian: postgresql-15)',
    );
  await measure(contenders, 21);
  await shadow.end();
}

/** All of it, as drift covers all schemas but Postgres' own. */
function dump({ host, port, user, password }: PostgresServer, binaries: string): void {
  execFileSync(
    join(binaries, 'pg_dump'),
    ['--schema-only', '-h', host, '-p', String(port), '-U', user, 'tables'],
    { env: { PGPASSWORD: password }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}
