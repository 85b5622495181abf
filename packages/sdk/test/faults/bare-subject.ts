import { readFileSync } from 'node:fs';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Subject, SubjectTerms } from './subject.ts';

/**
 * `pg` and Drizzle as their manuals say: with a listener for the pool's errors, and with a limit for
 * getting a connection. The password is the one that Vault had at the beginning.
 */
export async function openBare(terms: SubjectTerms): Promise<Subject> {
  const { host, port, database, user, password, max, connectMillis, caFile } = terms;
  const pool = new pg.Pool({
    host,
    port,
    database,
    user,
    password,
    max,
    connectionTimeoutMillis: connectMillis,
    application_name: 'bare',
    ...(caFile ? { ssl: { ca: readFileSync(caFile, 'utf8') } } : {}),
  });
  pool.on('error', () => {});
  (await pool.connect()).release();
  const orm = drizzle(pool);
  return {
    side: 'bare',
    pool,
    orm,
    transaction: (run, options) => orm.transaction(run, options),
    async hold(run) {
      const client = await pool.connect();
      try {
        return await run(client);
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
    spire: undefined,
  };
}
