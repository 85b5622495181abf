import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { applyMigrations, claimDatabase } from '@spire/migrate';
import { startPostgres } from '@spire/servers';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

/** The databases that test files clone: one migrated and claimed as local. */
export const TEMPLATE = 'spire_template';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data directory of the Postgres that all test files share. */
    postgres: string;
    /** Its migrated database, to be cloned. */
    template: string;
  }
}

/** Builds the command, and starts one Postgres for all test files, with a migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The command's tests call what is published.
  execFileSync(process.execPath, [join(import.meta.dirname, '..', 'scripts', 'build.ts')]);
  const server = await startPostgres({ lifetime: 'parent' });
  const client = new pg.Client({ connectionString: await server.createDatabase(TEMPLATE) });
  await client.connect();
  await applyMigrations(client, { actor: { name: 'tests', toolVersion: '0' } });
  await claimDatabase(client, 'local');
  await client.end();
  project.provide('postgres', server.dataDirectory);
  project.provide('template', TEMPLATE);
  return () => server.stop();
}
