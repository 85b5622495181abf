import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { channels } from './channels.ts';
import { SpireDBError } from './errors.ts';
import { postgresComplaint, toSpireError } from './postgres-error.ts';
import { settle } from './settled-client.ts';
import type { SpirePool } from './spire-pool.ts';

/** How a transaction runs. */
export interface TransactionOptions {
  /** Default: `read committed`. */
  readonly isolationLevel?: 'read committed' | 'repeatable read' | 'serializable';
  /** Default: as the connector's access. */
  readonly accessMode?: 'read only' | 'read write';
  /** Whether a serializable one that only reads waits until it can't be broken off. Default: false. */
  readonly deferrable?: boolean;
  /** How often it is tried when Postgres breaks off a conflict. Default: 5; 1 never retries. */
  readonly attempts?: number;
}

/** What a transaction is run on: queries alone, and only until it has ended. */
export type TransactionClient = Pick<PoolClient, 'query'>;

const SHORTEST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 5000;

/**
 * Runs a function in a transaction on one client. After a serialization failure or a deadlock the
 * whole function runs again, after a pause with jitter.
 *
 * @throws SpireDBError `OUTCOME_UNKNOWN` when the connection was lost while it was committed;
 * `TRANSACTION_ABORTED` when it can't be committed, since an error in it was overlooked;
 * `TRANSACTION_CONFLICT` after all attempts; whatever the function throws otherwise.
 */
export function runTransaction<T>(
  pool: SpirePool,
  environment: string,
  run: (client: TransactionClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  if (pool.readOnly && options.accessMode === 'read write') {
    const message = `This connector of ${environment} may only read.`;
    const error = new SpireDBError('READ_ONLY', message, {
      environment,
      suggestions: ["Ask for access: 'read-write' when it is created."],
    });
    return Promise.reject(error);
  }
  const attempted = () => tryTransaction(pool, environment, run, options);
  return channels.transaction.hasSubscribers ? traced(environment, attempted) : attempted();
}

/** What a transaction gives may be rows, which subscribers don't get to see. */
async function traced<T>(environment: string, run: () => Promise<T>): Promise<T> {
  let given: { result: T } | undefined;
  await channels.transaction.tracePromise(
    async () => {
      given = { result: await run() };
    },
    { environment },
  );
  return (given as unknown as { result: T }).result;
}

async function tryTransaction<T>(
  pool: SpirePool,
  environment: string,
  run: (client: TransactionClient) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const attempts = options.attempts ?? 5;
  for (let attempt = 1; ; attempt += 1) {
    let failed = false;
    const ours = () => {
      failed = true;
    };
    try {
      return await pool.lend((client) =>
        runOn(client, environment, run, begin(options, pool), ours),
      );
    } catch (error) {
      // The same code may come from another connector that the function uses.
      const conflict =
        failed && error instanceof SpireDBError && error.code === 'TRANSACTION_CONFLICT';
      if (!conflict || !(attempt < attempts)) throw error;
      const longest = Math.min(SHORTEST_PAUSE_MILLIS * 2 ** attempt, LONGEST_PAUSE_MILLIS);
      // Never at once: who comes back then meets the same crowd.
      await sleep(longest * (0.5 + Math.random() / 2));
    }
  }
}

function begin(options: TransactionOptions, { limitsPerTransaction }: SpirePool): string {
  const { isolationLevel, accessMode, deferrable } = options;
  const words = [
    'begin',
    isolationLevel && `isolation level ${isolationLevel}`,
    accessMode,
    deferrable && 'deferrable',
  ];
  const statement = words.filter(Boolean).join(' ');
  return limitsPerTransaction ? `${statement}; ${limitsPerTransaction}` : statement;
}

async function runOn<T>(
  client: PoolClient,
  environment: string,
  run: (client: TransactionClient) => Promise<T>,
  beginning: string,
  ours: () => void,
): Promise<T> {
  await client.query(beginning);
  const held = new HeldClient(client, environment);
  let result: T;
  try {
    result = await run(held);
  } catch (error) {
    held.ended = true;
    await settle(client);
    if (client.getTransactionStatus() === 'E') ours();
    // Where it can't be rolled back, the connection isn't idle, and is closed instead of given back.
    await client.query('rollback').catch(() => {});
    throw error;
  }
  held.ended = true;
  await commit(client, environment).catch((error: unknown) => {
    ours();
    throw error;
  });
  return result;
}

async function commit(client: PoolClient, environment: string): Promise<void> {
  const { _queryable } = client as unknown as { _queryable: boolean };
  if (!_queryable) {
    const message = `The connection to ${environment} was lost before the transaction was committed.`;
    throw new SpireDBError('CONNECTION_LOST', message, {
      environment,
      suggestions: ['Nothing was written.'],
    });
  }
  const { command } = await client.query('commit').catch((failure: unknown) => {
    const sqlstate = postgresComplaint(failure)?.sqlstate;
    const error = toSpireError(failure, environment);
    const isLost = error instanceof SpireDBError && LOST.has(error.code);
    // A statement that was broken off by its limit has said so itself.
    if (!isLost || sqlstate === '57014') throw error;
    throw new SpireDBError(
      'OUTCOME_UNKNOWN',
      `The connection to ${environment} was lost while a transaction was committed.`,
      {
        environment,
        suggestions: ['It may or may not have happened: look before you do it again.'],
        cause: error,
      },
    );
  });
  // What Postgres answers when a statement failed before, and the function went on.
  if (command === 'ROLLBACK') {
    throw new SpireDBError(
      'TRANSACTION_ABORTED',
      `The transaction in ${environment} was rolled back: a statement in it had failed.`,
      {
        environment,
        suggestions: ['Nothing was written. Let the error of that statement through.'],
      },
    );
  }
}

const LOST: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'QUERY_TIMEOUT']);

/** The client of a transaction: who keeps it for longer doesn't get into another one's. */
class HeldClient {
  readonly #client: PoolClient;
  readonly #environment: string;
  ended = false;

  constructor(client: PoolClient, environment: string) {
    this.#client = client;
    this.#environment = environment;
  }

  query(...query: unknown[]): never {
    if (!this.ended) return this.#client.query(...(query as [string])) as never;
    const environment = this.#environment;
    const error = new SpireDBError(
      'TRANSACTION_ENDED',
      `The transaction in ${environment} is over.`,
      {
        environment,
        suggestions: ['Await what runs in it, and use the connector itself afterwards.'],
      },
    );
    const answer = query.at(-1);
    if (typeof answer !== 'function') return Promise.reject(error) as never;
    process.nextTick(answer, error);
    return undefined as never;
  }
}
