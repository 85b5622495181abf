import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyMigrations } from '@spire/migrate';
import { migrationFiles, migrationsFolder } from '@spire/schema';
import type { PostgresServer } from '@spire/servers';
import { generateJournal } from './generated-journal.ts';
import { measure } from './measure.ts';
import { withClient } from './with-client.ts';

const FILES = 300;
// The schema's package brings drizzle; the command does without drizzle-kit.
const { resolve } = createRequire(import.meta.resolve('@spire/schema'));
const actor = { name: 'bench', toolVersion: '0' };

/** Times the most frequent migration: the one that finds nothing to do. */
export async function measureNothingPending(server: PostgresServer, folder: string): Promise<void> {
  const journal = generateJournal(join(folder, 'journal'), FILES);
  const url = await server.createDatabase('journal');
  await withClient(url, (client) =>
    applyMigrations(client, { actor, files: migrationFiles(journal) }),
  );
  const { drizzle } = await import(resolve('drizzle-orm/node-postgres'));
  const { migrate } = await import(resolve('drizzle-orm/node-postgres/migrator'));
  const [select = 0, noop = 0] = await measure(
    [
      {
        name: 'pg: connect and one SELECT',
        run: () => withClient(url, (client) => client.query('select 1')),
      },
      {
        name: 'applyMigrations, connecting and reading the files included',
        goal: 2,
        run: () =>
          withClient(url, (client) =>
            applyMigrations(client, { actor, files: migrationFiles(journal) }),
          ),
      },
      {
        name: "drizzle-orm's migrate, the same",
        run: () =>
          withClient(url, (client) =>
            migrate(drizzle(client), { migrationsFolder: fileURLToPath(journal) }),
          ),
      },
    ],
    41,
  );
  const perHundred = ((noop - select) / FILES) * 100;
  console.log(
    `${perHundred.toFixed(1).padStart(8)} ms for 100 files  goal 10 ms ${perHundred < 10 ? 'met' : 'missed'}`,
  );
}

/** Times the same as processes, with Spire's own migrations. */
export async function measureNothingPendingAsProcess(
  server: PostgresServer,
  folder: string,
  spireUp: () => void,
): Promise<void> {
  const url = await server.createDatabase('own');
  await withClient(url, (client) => applyMigrations(client, { actor }));
  const kit = join(dirname(resolve('drizzle-kit')), 'bin.cjs');
  const config = join(folder, 'drizzle.config.json');
  const out = fileURLToPath(migrationsFolder());
  writeFileSync(
    config,
    JSON.stringify({ dialect: 'postgresql', out, dbCredentials: { url } }),
    // It holds the password.
    { mode: 0o600 },
  );
  const kitMigrate = () =>
    void execFileSync(process.execPath, [kit, 'migrate', '--config', config], { stdio: 'pipe' });
  await measure(
    [
      { name: 'drizzle-kit migrate', run: kitMigrate },
      { name: 'spire migrate up (Vault included)', run: spireUp },
    ],
    11,
  );
}
