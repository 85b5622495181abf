import type { Credentials } from '@spire/access';
import type { QueryResult } from 'pg';
import { SpireDBError } from './errors.ts';
import type { PoolStats, SpirePool } from './spire-pool.ts';

/** What a connector is doing: `degraded` works, with a credential that Vault can't confirm. */
export type ConnectorState = 'ready' | 'degraded' | 'draining' | 'closed';

/** How a connector is. */
export interface HealthReport {
  /** Whether a query was answered, by a writer where one was asked for. */
  readonly healthy: boolean;
  /** What it is doing. */
  readonly state: ConnectorState;
  /** How long the answer took, in milliseconds. */
  readonly latencyMillis: number;
  /** The credential in use. */
  readonly credential: {
    /** Another one when user or password is. */
    readonly version: string | undefined;
    /** Whether Vault couldn't confirm it when it was due. */
    readonly stale: boolean;
    /** When it ends by itself. */
    readonly endsAt: Date | undefined;
  };
  /** How many connections there are. */
  readonly pool: PoolStats;
  /** Why it isn't healthy. */
  readonly error?: {
    /** That of the error. */
    readonly code: string;
    /** What happened. */
    readonly message: string;
  };
}

/** Asks the database a question that costs nothing. Never throws. */
export async function examineHealth(
  pool: SpirePool,
  credentials: Credentials,
  state: ConnectorState,
  demands: { readonly writes: boolean; readonly timeoutMillis: number },
): Promise<HealthReport> {
  const started = performance.now();
  const error = await firstProblem(pool, demands);
  const { version, stale, endsAt } = credentials.status();
  return {
    healthy: error === undefined,
    state,
    latencyMillis: performance.now() - started,
    credential: { version, stale, endsAt },
    pool: pool.stats(),
    ...(error ? { error } : {}),
  };
}

async function firstProblem(
  pool: SpirePool,
  { writes, timeoutMillis }: { writes: boolean; timeoutMillis: number },
): Promise<HealthReport['error'] | undefined> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new SpireDBError('QUERY_TIMEOUT', `No answer came within ${timeoutMillis} ms.`));
  }, timeoutMillis);
  try {
    const asked: Promise<QueryResult> = pool.query('select pg_is_in_recovery() as standby');
    const { rows } = await Promise.race([asked, late]);
    if (!writes || !rows[0]?.standby) return undefined;
    // Others would only find out by a write.
    pool.retire();
    return { code: 'FAILOVER_IN_PROGRESS', message: 'The server is a standby.' };
  } catch (error) {
    const { code = 'UNEXPECTED', message } = error as { code?: string; message: string };
    return { code, message };
  } finally {
    clearTimeout(timer);
  }
}
