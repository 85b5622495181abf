import { schema } from '@spire/schema';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';

/** Drizzle, typed with every table of `@spire/schema`, over a pool or one held client. */
export type Database = NodePgDatabase<typeof schema>;

/** Drizzle over a pool or a client. */
export function openDatabase(client: Pool | PoolClient): Database {
  return drizzle(client, { schema });
}

/** What the parts of the domain share: where to ask, and how to run several statements as one. */
export interface Session {
  readonly environment: string;
  readonly db: Database;
  /** Runs in one transaction; inside of one, in that one. */
  atomically<T>(run: (db: Database) => Promise<T>): Promise<T>;
}
