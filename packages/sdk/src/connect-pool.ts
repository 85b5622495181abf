import { isIP } from 'node:net';
import {
  type AccessMode,
  type DatabaseCredential,
  databaseCa,
  type ResolvedEnvironment,
} from '@spire/access';
import type pg from 'pg';
import type { CredentialGate } from './credential-gate.ts';
import { SpireDBError } from './errors.ts';
import { failover } from './pool-errors.ts';
import { SpireClient } from './spire-client.ts';
import { SpirePool } from './spire-pool.ts';

/** How a pool behaves; times in milliseconds. */
export interface PoolOptions {
  /** At most this many connections. Default: 10. */
  readonly max?: number;
  /** So many are made at the beginning, and not closed for being idle. Default: 1 is made. */
  readonly min?: number;
  /** How long a connection nobody uses is kept. Default: 30,000. */
  readonly idleMillis?: number;
  /** How long to wait for a connection, a new one or one of the pool. Default: 5,000. */
  readonly connectMillis?: number;
  /** At most this many callers wait; more are refused at once. Default: any number. */
  readonly maxWaiting?: number;
  /** How long a statement may take. Default: 60,000; 0: for ever. */
  readonly statementMillis?: number;
  /**
   * How long to wait for an answer, counted here, which finds a dead network; the connection is given up
   * then. Default: 5,000 more than `statementMillis`; 0, or `direct`: for ever.
   */
  readonly queryMillis?: number;
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

/**
 * What stands between the connector and Postgres. `pgbouncer-transaction`: a PgBouncer that gives each
 * transaction another session. Nothing is prepared by name then, and limits are set in each transaction.
 */
export type Pooler = 'none' | 'pgbouncer-transaction';

/** What a pool demands of the database that answers. */
export interface Demands {
  readonly pool?: PoolOptions;
  readonly pooler?: Pooler;
  /** Whether a database that nobody has claimed may be written to, in order to claim it. */
  readonly claims?: boolean;
  /** The environment that the database has to say it is; `null`: whichever. Default: the credential's. */
  readonly claimedAs?: string | null;
}

/** A dead peer is noticed on a quiet connection too. */
const KEEP_ALIVE_MILLIS = 10_000;
/** Connections are made anew now and then, each pool's at another time. */
const SHORTEST_LIFE_SECONDS = 30 * 60;

/**
 * A pool whose every connection first learns its limits and says which environment it belongs to, in
 * one round trip. Nothing is connected until somebody asks.
 *
 * @param credential what says where to connect; user and password of each connection are the gate's.
 */
export function openPool(
  credential: DatabaseCredential,
  gate: CredentialGate,
  mode: AccessMode,
  { pool: options = {}, pooler = 'none', claims = false, claimedAs }: Demands = {},
): SpirePool {
  const { environment } = credential;
  const { name } = environment;
  requireSensible(options, name);
  const writes = mode === 'read-write';
  const pooled = pooler === 'pgbouncer-transaction';
  const limits = sessionLimits(mode, options);
  const { connectMillis = 5000, statementMillis = 60_000, direct = false } = options;
  const queryMillis =
    options.queryMillis ?? (direct || statementMillis === 0 ? 0 : statementMillis + 5000);
  return new SpirePool(
    {
      environment: name,
      readOnly: !writes,
      acquireMillis: connectMillis,
      maxWaiting: options.maxWaiting ?? Number.POSITIVE_INFINITY,
      limitsPerTransaction: pooled ? setLocal(limits) : undefined,
    },
    (generation) => {
      const terms = {
        environment: name,
        gate,
        connectMillis,
        queryMillis,
        named: !pooled,
        generation,
      };
      return {
        // For whoever looks at the options; each connection takes what is true when it is made.
        host: credential.host,
        port: credential.port,
        database: credential.database,
        user: credential.user,
        ssl: tlsOptions(credential),
        max: options.max ?? 10,
        min: options.min ?? 0,
        idleTimeoutMillis: options.idleMillis ?? 30_000,
        maxLifetimeSeconds: SHORTEST_LIFE_SECONDS * (1 + Math.random()),
        connectionTimeoutMillis: connectMillis,
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEP_ALIVE_MILLIS,
        application_name: options.applicationName ?? 'spire',
        ...(direct ? { options: startupOptions(limits) } : {}),
        // A script that is done ends, even when it forgot to close.
        allowExitOnIdle: true,
        Client: class extends SpireClient {
          constructor(config: pg.ClientConfig) {
            super(config, terms);
          }
        } as never,
        onConnect: async (client: pg.ClientBase) => {
          const end = endAt(client as SpireClient, connectMillis);
          const found = await prepareSession(client, direct || pooled ? {} : limits).finally(end);
          requireClaim(environment, found.claimed, writes && !claims, claimedAs);
          if (writes && found.standby) throw failover(name);
        },
      } as pg.PoolConfig;
    },
  );
}

/** Who was let in, and then gets no answer, waits no longer than who wasn't. @returns what calls it off. */
function endAt(client: SpireClient, millis: number): () => void {
  const late = setTimeout(
    () => client.connection.stream.destroy(new Error('timeout expired')),
    Math.max(0, client.since + millis - performance.now()),
  );
  return () => clearTimeout(late);
}

/** @throws SpireDBError `INVALID_INPUT`. */
function requireSensible(
  { max = 10, min = 0, ...options }: PoolOptions,
  environment: string,
): void {
  const atLeast = (name: string, value: number | undefined, least: number) => {
    if (value === undefined || (value >= least && (Number.isInteger(value) || value === Infinity)))
      return;
    const message = `pool: ${name} has to be a whole number from ${least} on, not ${value}.`;
    throw new SpireDBError('INVALID_INPUT', message, { environment });
  };
  atLeast('max', max, 1);
  atLeast('min', min, 0);
  atLeast('connectMillis', options.connectMillis, 1);
  for (const name of [
    'idleMillis',
    'maxWaiting',
    'statementMillis',
    'queryMillis',
    'lockMillis',
  ] as const) {
    atLeast(name, options[name], 0);
  }
  if (min > max) {
    const message = `pool: min (${min}) can't be more than max (${max}).`;
    throw new SpireDBError('INVALID_INPUT', message, { environment });
  }
}

/** Who answers has to prove that it's the one that was asked for, before it is told a password. */
function tlsOptions({ environment, host }: DatabaseCredential): pg.ClientConfig['ssl'] {
  if (environment.values.tls?.value === 'disable') return false;
  const ca = databaseCa(environment);
  return {
    rejectUnauthorized: true,
    // An address is no name, and verified as what it is.
    ...(isIP(host) ? {} : { servername: host }),
    ...(ca ? { ca } : {}),
  };
}

/** Settings of Postgres and their values. */
type Limits = Readonly<Record<string, string>>;

function sessionLimits(mode: AccessMode, options: PoolOptions): Limits {
  return {
    statement_timeout: String(options.statementMillis ?? 60_000),
    lock_timeout: String(options.lockMillis ?? 10_000),
    idle_in_transaction_session_timeout: '60000',
    default_transaction_read_only: mode === 'read-only' ? 'on' : 'off',
    // A long statement ends with whoever asked for it, and doesn't keep its locks until it is done.
    client_connection_check_interval: '1000',
  };
}

function startupOptions(limits: Limits): string {
  return Object.entries(limits)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** The limits for the transaction that has begun, which ends with them. */
function setLocal({ default_transaction_read_only: readOnly, ...limits }: Limits): string {
  const settings = Object.entries(limits).map(([name, value]) => `set local ${name} = ${value}`);
  if (readOnly === 'on') settings.unshift('set transaction read only');
  return settings.join('; ');
}

/** Gives a session its limits. @returns what its database says it is. */
async function prepareSession(
  client: pg.ClientBase,
  limits: Limits,
): Promise<{ claimed: string | undefined; standby: boolean }> {
  const settings = Object.keys(limits).map(
    (name, index) => `, set_config('${name}', $${index + 1}, false)`,
  );
  const rest = `pg_is_in_recovery() as standby${settings.join('')}`;
  const ask = async (claim: string) => {
    const text = `select ${claim} as claimed, ${rest}`;
    const { rows } = await client.query(text, Object.values(limits));
    return { claimed: rows[0].claimed ?? undefined, standby: rows[0].standby };
  };
  try {
    return await ask('(select name from spire.environment)');
  } catch (error) {
    const { code } = error as { code?: string };
    // No such table or schema, or no right to look: nobody has claimed it for this user.
    if (code !== '42P01' && code !== '3F000' && code !== '42501') throw error;
    return ask('null::text');
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
