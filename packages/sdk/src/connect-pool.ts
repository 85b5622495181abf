import {
  type AccessMode,
  type DatabaseCredential,
  type ResolvedEnvironment,
  readCaFile,
} from '@spire/access';
import pg from 'pg';
import { SpireDBError } from './errors.ts';

/** How a pool behaves; times in milliseconds. */
export interface PoolOptions {
  /** At most this many connections. Default: 10. */
  readonly max?: number;
  /** How long to wait for a connection. Default: 5,000. */
  readonly connectMillis?: number;
  /** How long a statement may take. Default: 60,000; 0: for ever. */
  readonly statementMillis?: number;
  /** How long a statement waits for a lock, while others wait behind it. Default: 10,000. */
  readonly lockMillis?: number;
  /**
   * Give the limits as options of the connection, where no statement can undo them. A pooler between such
   * as PgBouncer refuses that: it is for what needs a session of its own, such as a migration.
   * Default: false.
   */
  readonly direct?: boolean;
  /** What Postgres shows as the name of this program. Default: `spire`. */
  readonly applicationName?: string;
}

/** What a pool demands of the database that answers. */
export interface Demands {
  readonly pool?: PoolOptions;
  /** Whether a database that nobody has claimed may be written to, in order to claim it. */
  readonly claims?: boolean;
  /** The environment that the database has to say it is; `null`: whichever. Default: the credential's. */
  readonly claimedAs?: string | null;
}

/**
 * A pool whose every connection first learns its limits and says which environment it belongs to, in
 * one round trip. Nothing is connected until somebody asks.
 *
 * @param latest gives the credential whose password the next connection uses.
 */
export function openPool(
  credential: DatabaseCredential,
  latest: () => Promise<DatabaseCredential>,
  mode: AccessMode,
  { pool: options = {}, claims = false, claimedAs }: Demands = {},
): pg.Pool {
  const { environment } = credential;
  const { values } = environment;
  const encrypted = values.tls?.value !== 'disable';
  const ca = readCaFile(environment, 'caFile');
  const limits = sessionLimits(mode, options);
  const pool = new pg.Pool({
    host: credential.host,
    port: credential.port,
    database: credential.database,
    user: credential.user,
    password: async () => (await latest()).password.reveal(),
    ssl: encrypted ? { servername: credential.host, ...(ca ? { ca } : {}) } : false,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectMillis ?? 5000,
    application_name: options.applicationName ?? 'spire',
    ...(options.direct ? { options: startupOptions({ ...limits, ...WATCHFUL }) } : {}),
    // A script that is done ends, even when it forgot to close.
    allowExitOnIdle: true,
    onConnect: async (client: pg.ClientBase) => {
      // A lost session is reported by the query that needs it; without a listener it ends the process.
      client.on('error', () => {});
      const claimed = await prepareSession(client, options.direct ? {} : limits);
      requireClaim(environment, claimed, mode === 'read-write' && !claims, claimedAs);
    },
  } as pg.PoolConfig);
  pool.on('error', () => {});
  return pool;
}

/** Settings of Postgres and their values. */
type Limits = Readonly<Record<string, string>>;

function sessionLimits(mode: AccessMode, options: PoolOptions): Limits {
  return {
    statement_timeout: String(options.statementMillis ?? 60_000),
    lock_timeout: String(options.lockMillis ?? 10_000),
    idle_in_transaction_session_timeout: '60000',
    default_transaction_read_only: mode === 'read-only' ? 'on' : 'off',
  };
}

/** A long statement ends with whoever asked for it, and doesn't keep its locks until it is done. */
const WATCHFUL: Limits = { client_connection_check_interval: '1000' };

function startupOptions(limits: Limits): string {
  return Object.entries(limits)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** Gives a session its limits. @returns the environment that its database says it is. */
async function prepareSession(client: pg.ClientBase, limits: Limits): Promise<string | undefined> {
  const settings = Object.keys(limits).map(
    (name, index) => `, set_config('${name}', $${index + 1}, false)`,
  );
  const values = Object.values(limits);
  try {
    const { rows } = await client.query(
      `select (select name from spire.environment) as name${settings.join('')}`,
      values,
    );
    return rows[0].name ?? undefined;
  } catch (error) {
    const { code } = error as { code?: string };
    // No such table or schema, or no right to look: nobody has claimed it for this user.
    if (code !== '42P01' && code !== '3F000' && code !== '42501') throw error;
    await client.query(`select null${settings.join('')}`, values);
    return undefined;
  }
}

function requireClaim(
  { name, protected: isProtected }: ResolvedEnvironment,
  claimed: string | undefined,
  writes: boolean,
  expected: string | null = name,
): void {
  if (claimed !== undefined && expected !== null && claimed !== expected) {
    throw new SpireDBError(
      'ENVIRONMENT_MISMATCH',
      `The database that ${name} points to says that it is ${claimed}.`,
      {
        environment: name,
        suggestions: [
          `Nothing was run. Check where the host comes from: spire env show -e ${name}`,
          `If it is a copy that is ${name} from now on: spire db claim -e ${name}`,
        ],
      },
    );
  }
  if (claimed === undefined && isProtected && writes) {
    throw new SpireDBError(
      'ENVIRONMENT_UNCLAIMED',
      `The database of ${name} doesn't say which environment it is, so ${name} may only read it.`,
      {
        environment: name,
        suggestions: [`Claim it with its first migration: spire migrate up -e ${name}`],
      },
    );
  }
}
