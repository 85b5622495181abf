import { PostgresAccess } from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeEach, inject } from 'vitest';

/** A database for each test, on the Postgres that all test files share. */
export interface TestDatabase {
  readonly server: PostgresAccess;
  /** Its connection string, as the superuser. */
  readonly url: string;
  /** Opens a session, which ends with the file. */
  connect(options?: pg.ClientConfig): Promise<pg.Client>;
}

/** Gives each test of a file an empty database of its own. */
export function useTestDatabase(prefix: string): TestDatabase {
  const server = PostgresAccess.at(inject('postgresUrl'));
  const open: pg.Client[] = [];
  let url = '';
  let count = 0;
  beforeEach(async () => {
    count += 1;
    url = await server.createDatabase(`${prefix}_${process.pid}_${count}`);
  });
  afterAll(async () => {
    await Promise.all(open.map((client) => client.end().catch(() => {})));
    for (let index = 1; index <= count; index += 1) {
      await server.dropDatabase(`${prefix}_${process.pid}_${index}`);
    }
  });
  return {
    server,
    get url() {
      return url;
    },
    async connect(options = {}) {
      const client = new pg.Client({ connectionString: url, ...options });
      // A session that a test ends says so here.
      client.on('error', () => {});
      await client.connect();
      open.push(client);
      return client;
    },
  };
}
