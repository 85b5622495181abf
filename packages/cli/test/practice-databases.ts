import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findPostgres } from '@spire/servers';
import type pg from 'pg';
import { Home } from './spire-process.ts';
import { withClient } from './with-client.ts';

/** A practice organisation in an empty home, what is called there, and its server from behind. */
export async function startPractice() {
  const home = new Home();
  const { configDirectory } = await home.json('practice', 'up');
  home.variables.SPIRE_CONFIG_DIR = configDirectory;
  const found = await findPostgres(join(home.directory, '.spire', 'practice', 'postgres'));
  if (!found) throw new Error("the practice organisation's Postgres doesn't run");
  const postgres = found;
  // One for all calls takes less time than a server for each.
  home.variables.SPIRE_SHADOW_URL = await postgres.createDatabase('shadow');
  const others: Home[] = [];

  return {
    home,
    postgres,

    /** Does something in a database as the server's administrator, past Spire. */
    inside: <T>(database: string, run: (client: pg.Client) => Promise<T>) =>
      withClient(postgres, database, run),

    /** Runs SQL there as a role that owns the tables. */
    runAs: (role: string, database: string, sql: string) =>
      withClient(postgres, database, async (client) => {
        await client.query(`set role ${role}`);
        await client.query(sql);
      }),

    /** Staging with another database, empty or a copy, which its user owns. */
    async staging(database: string, template?: string): Promise<Home> {
      await postgres.createDatabase(database, template === undefined ? {} : { template });
      await withClient(postgres, 'postgres', (client) =>
        client.query(`alter database ${database} owner to spirestage`),
      );
      const chosen = { DEPLOYMENT_ENV: 'staging', DB_NAME: database };
      const other = new Home({ ...home.variables, ...chosen });
      others.push(other);
      return other;
    },

    async end(): Promise<void> {
      for (const { directory } of others) rmSync(directory, { recursive: true, force: true });
      await home.end();
    },
  };
}
