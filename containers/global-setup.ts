import { randomBytes } from 'node:crypto';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import type { StartedTestContainer } from 'testcontainers';
import type { TestProject } from 'vitest/node';
import { sharePostgres } from '../packages/cli/test/share-postgres.ts';
import { PostgresAccess } from '../packages/servers/src/index.ts';
import { LEFT_OUT } from './left-out.ts';
import { postgresImage } from './postgres-image.ts';
import { startVaultContainer } from './vault-container.ts';

/** As the embedded server of the other suites is set. */
const SETTINGS = {
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
};

/** Starts one Postgres 15 in a container for all test files, and a Vault where its image can be had. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const [file, reason] of Object.entries(LEFT_OUT))
    console.log(`Left out: ${file}: ${reason}.`);
  const image = await postgresImage();
  const started: StartedTestContainer[] = [];
  const stop = async () => {
    await Promise.all(started.map((container) => container.stop()));
  };
  try {
    const postgres = await new PostgreSqlContainer(image)
      .withUsername('postgres')
      .withDatabase('postgres')
      .withPassword(randomBytes(24).toString('base64url'))
      .withEnvironment({ POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C --no-sync' })
      .withCommand([
        'postgres',
        ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ])
      .start();
    started.push(postgres);
    await sharePostgres(project, PostgresAccess.at(postgres.getConnectionUri()));
    const vault = await startVaultContainer(`${postgres.getIpAddress('bridge')}:5432`);
    if (vault) started.push(vault);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
