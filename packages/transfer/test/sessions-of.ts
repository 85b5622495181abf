import { PostgresAccess } from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';

/** A migrated database for a test file, and sessions on it. */
export interface SessionsOf {
  /** Opens one, there or elsewhere, which ends with the file at the latest. */
  connect(application?: string, where?: string): Promise<pg.Client>;
  readonly server: PostgresAccess;
  readonly database: string;
}

/** Gives a test file a database of its own, on the Postgres that all share. */
export function useSessions(prefix: string): SessionsOf {
  const server = PostgresAccess.at(inject('postgresUrl'));
  const database = `${prefix}_${process.pid}`;
  const open: pg.Client[] = [];
  beforeAll(() => server.createDatabase(database, { template: inject('template') }));
  afterAll(async () => {
    await Promise.all(open.map((client) => client.end().catch(() => {})));
    await server.dropDatabase(database);
  });
  return {
    server,
    database,
    async connect(application = 'test', where = database) {
      const connectionString = server.connectionString(where);
      const client = new pg.Client({ connectionString, application_name: application });
      // A session that a test ends says so here.
      client.on('error', () => {});
      await client.connect();
      open.push(client);
      return client;
    },
  };
}

/** The process id of a session. */
export async function pidOf(client: pg.Client): Promise<number> {
  return (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
}

/** Waits until something can be seen in Postgres, 10 s at most. */
export async function until(client: pg.Client, condition: string, pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await client.query(`select ${condition} as happened`, [pid])).rows[0].happened) {
    if (Date.now() > deadline) throw new Error(`never: ${condition}`);
  }
}

/** Of {@link until}: that a session waits for a lock. */
export const WAITS = 'exists (select from pg_locks where pid = $1 and not granted)';

/** Of {@link until}: that a session runs a statement. */
export const RUNS = `exists (select from pg_stat_activity where pid = $1 and state = 'active')`;
