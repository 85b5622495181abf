import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  applyMigrations,
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
  // A new one each time, as the command makes it: one that was emptied has more to skip.
  let shadow = await openShadow(server);
  const renewShadow = async () => {
    await shadow.end();
    shadow = await openShadow(server);
  };
  const pgDump = binaries && {
    name: 'pg_dump --schema-only',
    run: () => dump(server, binaries),
  };
  if (!pgDump) console.log('skipped: pg_dump, which no /usr/lib/postgresql/*/bin has');
  const contenders: Contender[] = [
    ...(pgDump ? [pgDump] : []),
    {
      name: 'inspectDrift, connecting and replaying the migrations in an empty shadow included',
      ...(pgDump && { goal: 3 }),
      prepare: renewShadow,
      run: () => withClient(url, (live) => inspectDrift(live, shadow, files)),
    },
    {
      name: 'the comparison alone: both catalogues read and compared',
      prepare: async () => {
        await renewShadow();
        await replay(shadow, files);
      },
      run: () =>
        withClient(url, async (live) => {
          const catalogues = await Promise.all([readCatalogue(shadow), readCatalogue(live)]);
          compareCatalogues(catalogues[0], await matchViews(shadow, catalogues[1]));
        }),
    },
  ];
  await measure(contenders, 21);
  await shadow.end();
}

async function openShadow(server: PostgresServer): Promise<pg.Client> {
  await server.dropDatabase('shadow');
  const client = new pg.Client({ connectionString: await server.createDatabase('shadow') });
  await client.connect();
  return client;
}

function dump({ host, port, user, password }: PostgresServer, binaries: string): void {
  execFileSync(
    join(binaries, 'pg_dump'),
    ['--schema-only', '-h', host, '-p', String(port), '-U', user, 'tables'],
    { env: { PGPASSWORD: password }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}
