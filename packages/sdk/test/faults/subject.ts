import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { SpireDBConnector, SpireDBConnectorOptions } from '../../src/index.ts';

/** Who goes through a fault: `pg` and Drizzle as they are, or Spire's connector. */
export type Side = 'bare' | 'spire';

/** Where a subject connects to, and how. */
export interface SubjectTerms {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** For who doesn't ask Vault. */
  readonly password: string;
  readonly max: number;
  /** How long to wait for a connection. pg's own default is for ever. */
  readonly connectMillis: number;
  /** The authority to trust; undefined: no TLS. */
  readonly caFile?: string | undefined;
  /** For Spire alone: pg has no such thing, or none by default. */
  readonly spire?: Omit<SpireDBConnectorOptions, 'environment'>;
  /** Where Spire gets the credential from. */
  readonly vault: {
    readonly address: string;
    readonly token: string;
    readonly path: string;
  };
}

/** Drizzle, over a pool or inside a transaction. */
export type Orm = Pick<NodePgDatabase<Record<string, never>>, 'execute' | 'transaction'>;

/** What both sides can do. */
export interface Subject {
  readonly side: Side;
  readonly pool: pg.Pool;
  readonly orm: Orm;
  transaction<T>(
    run: (tx: Pick<Orm, 'execute'>) => Promise<T>,
    options?: { isolationLevel?: 'read committed' | 'serializable' },
  ): Promise<T>;
  /** Runs something on one connection, which goes back afterwards. */
  hold<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<unknown>;
  /** The connector itself; undefined on the bare side. */
  readonly spire: SpireDBConnector | undefined;
}
