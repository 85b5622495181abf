import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startPostgres } from '@spire/servers';
import type { TestProject } from 'vitest/node';
import { sharePostgres } from './share-postgres.ts';

/** Builds the command, and starts one Postgres for all test files, with a migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // The command's tests call what is published.
  execFileSync(process.execPath, [join(import.meta.dirname, '..', 'scripts', 'build.ts')]);
  const server = await startPostgres({ lifetime: 'parent' });
  await sharePostgres(project, server);
  return () => server.stop();
}
