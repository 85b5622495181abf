import { applyMigrations, claimDatabase } from '@spire/migrate';
import type { PostgresAccess } from '@spire/servers';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

/** The database that test files clone: migrated, and claimed as local. */
const TEMPLATE = 'spire_template';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string, as the superuser, of the Postgres that all test files share. */
    postgresUrl: string;
    /** Its major version. */
    postgresMajor: number;
    /** Its migrated database, to be cloned. */
    template: string;
  }
}

/** Lets all test files use a Postgres, and makes the template on it. */
export async function sharePostgres(project: TestProject, server: PostgresAccess): Promise<void> {
  const client = new pg.Client({ connectionString: await server.createDatabase(TEMPLATE) });
  await client.connect();
  await applyMigrations(client, { actor: { name: 'tests', toolVersion: '0' } });
  await claimDatabase(client, 'local');
  const { rows } = await client.query(
    `select current_setting('server_version_num')::int as number`,
  );
  await client.end();
  project.provide('postgresUrl', server.connectionString());
  project.provide('postgresMajor', Math.floor(rows[0].number / 10_000));
  project.provide('template', TEMPLATE);
}
