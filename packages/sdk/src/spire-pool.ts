import pg from 'pg';
import { channels, type RemoveEvent, traceOutcome } from './channels.ts';
import { SpireDBError } from './errors.ts';
import { closed, exhausted, failover, hasStalePlan, isBroken, isLost } from './pool-errors.ts';
import { toConnectError, toSpireError } from './postgres-error.ts';
import { isSettled, settle } from './settled-client.ts';
import { isOfDriver, RefusedForNow, type SpireClient } from './spire-client.ts';

/** What a pool is told besides pg's own options. */
export interface PoolTerms {
  readonly environment: string;
  /** Whether nothing that runs on it can write, so that a lost query may be asked again. */
  readonly readOnly: boolean;
  /** How long to wait for a connection, in milliseconds. */
  readonly acquireMillis: number;
  /** How many may wait at once. */
  readonly maxWaiting: number;
  /** What sets the limits of a transaction, where sessions can't keep them. */
  readonly limitsPerTransaction: string | undefined;
}

/** How the connections of a pool are used. */
export interface PoolStats {
  /** Connections at most. */
  readonly max: number;
  /** Connections, those that are being made included. */
  readonly total: number;
  /** Connections that nobody uses. */
  readonly idle: number;
  /** Connections that somebody uses. */
  readonly active: number;
  /** Callers that wait for one. */
  readonly waiting: number;
  /** How many were made since the beginning. */
  readonly connects: number;
}

/** How a connector ended. */
export interface CloseReport {
  /** Whether everything that ran came to its end. */
  readonly drained: boolean;
  /** How many connections were cut off. */
  readonly destroyed: number;
}

type Lent = pg.PoolClient & Pick<SpireClient, 'generation'> & { ref(): void };
type Release = (error?: Error | boolean) => void;
type Acquired = (error: Error | undefined, client: Lent | undefined, release: Release) => void;
type Answered = (error: unknown, result?: pg.QueryResult) => void;

/** What pg-pool has and its types don't: `test/pg-internals.integration.test.ts` says what is relied on. */
interface Internals {
  _clients: Lent[];
  _idle: { client: Lent; idleListener: () => void; timeoutId: NodeJS.Timeout | undefined }[];
  _pendingQueue: { callback: Acquired }[];
  _isFull(): boolean;
  _pulseQueue(): void;
  _acquireClient(
    client: Lent,
    waiter: { callback: Acquired },
    idleListener: () => void,
    isNew: boolean,
  ): void;
  _remove(client: Lent, done?: () => void): void;
  _release(client: Lent, idleListener: () => void, error?: Error | boolean): void;
}
type PoolBase = new (options: pg.PoolConfig) => pg.Pool & Internals;

const SHORTEST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 2000;

/**
 * pg's pool, without the ways in which it drops queries: an error of SQL costs no connection, a dead one
 * is never given out twice, whoever waits is told why, and all connections can be retired while it runs.
 *
 * Drizzle tells a pool by the end of its class' name.
 */
export class SpirePool extends (pg.Pool as unknown as PoolBase) {
  readonly #terms: PoolTerms;
  /** Sockets that are open still, closing ones included. */
  readonly #open = new Set<pg.ClientBase>();
  /** Callers that no connection was free for. */
  readonly #waiters = new Set<Acquired>();
  /** Those of them that are between two attempts. */
  readonly #pausing = new Set<NodeJS.Timeout>();
  /** Why the connections that callers queue for aren't made. */
  #trouble: Error | undefined;
  #drained: Promise<CloseReport> | undefined;
  #generation = 0;
  #connects = 0;

  constructor(terms: PoolTerms, options: (generation: () => number) => pg.PoolConfig) {
    super(options(() => this.#generation));
    this.#terms = terms;
    // Who needs a lost connection hears of it.
    this.on('error', () => {});
    this.on('connect', (client) => {
      this.#connects += 1;
      this.#trouble = undefined;
      this.#open.add(client);
    });
    this.on('remove', (client) => {
      this.#open.delete(client);
      if (channels.remove.hasSubscribers) channels.remove.publish(this.#removal(client as Lent));
    });
  }

  get limitsPerTransaction(): string | undefined {
    return this.#terms.limitsPerTransaction;
  }

  get readOnly(): boolean {
    return this.#terms.readOnly;
  }

  stats(): PoolStats {
    const { totalCount, idleCount, waitingCount } = this;
    return {
      max: this.options.max,
      total: totalCount,
      idle: idleCount,
      active: totalCount - idleCount,
      waiting: waitingCount + this.#pausing.size,
      connects: this.#connects,
    };
  }

  /** What it holds has queries and their parameters in it. */
  toJSON(): PoolStats {
    return this.stats();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `SpirePool ${JSON.stringify(this.stats())}`;
  }

  /** No connection of before is given out again: idle ones end now, others when they come back. */
  retire(): void {
    this.#generation += 1;
    this.#endIdle();
  }

  #endIdle(): void {
    for (const { client } of [...this._idle]) this._remove(client, () => this._pulseQueue());
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(acquired: Acquired): void;
  override connect(acquired?: Acquired): Promise<pg.PoolClient> | undefined {
    if (!acquired) {
      return new Promise((resolve, reject) => {
        this.connect((error, client) => (client ? resolve(client) : reject(error)));
      });
    }
    if (channels.acquire.hasSubscribers) {
      const { environment } = this.#terms;
      traceOutcome(channels.acquire, { environment }, acquired, (done) => this.#acquire(done));
    } else this.#acquire(acquired);
    return undefined;
  }

  #acquire(acquired: Acquired): void {
    // Nobody waits and one is free: the ordinary case, without pg-pool's timer and turn of the queue.
    const free = this._pendingQueue.length === 0 && !this.ending ? this._idle.pop() : undefined;
    if (free) {
      clearTimeout(free.timeoutId);
      free.client.ref();
      this._acquireClient(free.client, { callback: acquired }, free.idleListener, false);
      return;
    }
    const waiting = this.waitingCount + this.#pausing.size;
    const hasRoom = !this._isFull() && this.#pausing.size === 0;
    if (this.ending || (!hasRoom && waiting >= this.#terms.maxWaiting)) {
      acquired(
        this.ending ? closed(this.#terms.environment) : this.#exhausted(),
        undefined,
        () => {},
      );
      return;
    }
    const waiter: Acquired = (error, client, release) => {
      if (this.#waiters.delete(waiter)) acquired(error, client, release);
      // Who waited was told meanwhile that the pool is closed.
      else release();
    };
    this.#waiters.add(waiter);
    this.#attempt(waiter, performance.now() + this.#terms.acquireMillis, 1);
  }

  #attempt(waiter: Acquired, deadline: number, attempt: number): void {
    const connected: Acquired = (error, client, release) => {
      if (error) this.#tryAgain(error, waiter, deadline, attempt);
      else waiter(undefined, client, release);
    };
    // pg-pool reads at once how long to wait: a later attempt has only what is left.
    this.options.connectionTimeoutMillis = Math.max(1, deadline - performance.now());
    super.connect(connected as never);
    this.options.connectionTimeoutMillis = this.#terms.acquireMillis;
  }

  /** Where no connection came about nothing has happened: it may be tried again while there is time. */
  #tryAgain(error: Error, waiter: Acquired, deadline: number, attempt: number): void {
    const isRefusal = error instanceof RefusedForNow;
    const found = this.#explain(isRefusal ? (error.cause as Error) : error);
    const passes =
      isRefusal ||
      // The first one of all says at once what is wrong.
      (this.#connects > 0 &&
        found instanceof SpireDBError &&
        (found.code === 'CONNECTION_FAILED' || found.code === 'FAILOVER_IN_PROGRESS'));
    if (passes && !isRefusal) this.#trouble = found;
    const pause = isRefusal ? 0 : pauseBefore(attempt);
    if (!passes || this.ending || performance.now() + pause >= deadline) {
      waiter(found, undefined, () => {});
      return;
    }
    const timer = setTimeout(() => {
      this.#pausing.delete(timer);
      this.#attempt(waiter, deadline, attempt + 1);
    }, pause);
    this.#pausing.add(timer);
  }

  #exhausted(): Error {
    return this.#trouble ?? exhausted(this.#terms, this.stats());
  }

  #explain(error: Error): Error {
    if (error.message === 'timeout exceeded when trying to connect') return this.#exhausted();
    return toConnectError(error, this.#terms.environment) as Error;
  }

  override query(config: unknown, values?: unknown, answered?: unknown): never {
    const answer = (typeof values === 'function' ? values : answered) as Answered | undefined;
    const parameters = typeof values === 'function' ? undefined : values;
    if (answer) return this.#trace(config, parameters, answer) as never;
    return new Promise((resolve, reject) => {
      this.#trace(config, parameters, (error, result) => (error ? reject(error) : resolve(result)));
    }).catch(fromHere) as never;
  }

  #trace(config: unknown, values: unknown, answered: Answered): void {
    if (!channels.query.hasSubscribers) {
      this.#query(config, values, answered, true);
      return;
    }
    const { text = config, name } = (config ?? {}) as { text?: unknown; name?: string };
    const context = {
      environment: this.#terms.environment,
      operation: /^\s*(\w+)/.exec(String(text))?.[1]?.toUpperCase() ?? '',
      name,
    };
    traceOutcome(channels.query, context, answered, (done) =>
      this.#query(config, values, done, true),
    );
  }

  #query(config: unknown, values: unknown, answered: Answered, mayRepeat: boolean): void {
    const { readOnly, limitsPerTransaction } = this.#terms;
    if (readOnly && limitsPerTransaction) {
      this.#queryInTransaction(config, values, answered);
      return;
    }
    this.connect((error, client, release) => {
      if (!client) return answered(error);
      let done = false;
      const settle: Answered = (failure, result) => {
        // Of a parameter that it can't write, pg tells twice: that, and that all went well.
        if (done) return;
        done = true;
        if (failure) {
          this.#settle(failure, client, { isNamed: isNamed(config), again }, answered);
          return;
        }
        release();
        answered(undefined, result);
      };
      const again = mayRepeat ? () => this.#query(config, values, answered, false) : undefined;
      try {
        client.query(config as never, values as never, settle as never);
      } catch (failure) {
        settle(failure);
      }
    });
  }

  #queryInTransaction(config: unknown, values: unknown, answered: Answered): void {
    const query = typeof config === 'string' ? { text: config } : (config as object);
    // The extended protocol takes no second statement, which could leave the transaction.
    const one = { ...query, ...(values ? { values } : {}), queryMode: 'extended' };
    this.lend((client) => this.#confined(client, () => client.query(one as never))).then(
      (result) => answered(undefined, result as pg.QueryResult),
      answered,
    );
  }

  async #settle(
    failure: unknown,
    client: Lent,
    { isNamed, again }: { isNamed: boolean; again: (() => void) | undefined },
    answered: Answered,
  ): Promise<void> {
    const error = await this.#examine(failure, client);
    const broken = isBroken(error);
    // No other has a plan that can be stale: what says so then has run.
    const isStale = isNamed && hasStalePlan(error);
    if (!broken) await settle(client);
    // What broke one may have broken all, and nobody has heard it yet: what is asked again mustn't meet it.
    if (isLost(error)) this.#endIdle();
    client.release(broken || isStale);
    const repeats = isStale || (this.#terms.readOnly && isLost(error));
    if (again && repeats && !this.ending) again();
    else answered(error);
  }

  /**
   * Lends a connection, which comes back in the state in which Postgres says it is.
   *
   * @throws SpireDBError for what Postgres and pg say; what the function throws of its own as it is.
   */
  lend<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.#lend(run, false);
  }

  /** Lends a connection that is closed afterwards: nobody finds what was set, locked or listened to in it. */
  lendOnce<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.#lend((client) => this.#confined(client, run), true);
  }

  async #lend<T>(run: (client: pg.PoolClient) => Promise<T>, once: boolean): Promise<T> {
    const client = (await this.connect()) as Lent;
    let broken = once;
    try {
      return await run(client);
    } catch (failure) {
      if (!isOfDriver(failure)) throw failure;
      const error = await this.#examine(failure, client);
      broken ||= isBroken(error) || hasStalePlan(error);
      throw error;
    } finally {
      if (!broken) await settle(client);
      client.release(broken);
    }
  }

  /** Runs a function, in a transaction where nothing else keeps a session that isn't ours from writing. */
  async #confined<T>(
    client: pg.PoolClient,
    run: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T> {
    const { readOnly, limitsPerTransaction } = this.#terms;
    if (!readOnly || !limitsPerTransaction) return run(client);
    await client.query(`begin; ${limitsPerTransaction}`);
    try {
      return await run(client);
    } finally {
      // Nothing was written that could be kept.
      await client.query('rollback').catch(() => {});
    }
  }

  /** The error in our words; one that only a standby gives tells that the writer has moved. */
  async #examine(failure: unknown, client: Lent): Promise<unknown> {
    const { environment, readOnly } = this.#terms;
    const error = toSpireError(failure, environment);
    if (readOnly || !(error instanceof SpireDBError) || error.sqlstate !== '25006') return error;
    const isStandby = await client.query('select pg_is_in_recovery() as standby').then(
      ({ rows }) => rows[0]?.standby === true,
      () => false,
    );
    if (!isStandby) return error;
    this.retire();
    return failover(environment);
  }

  override _release(client: Lent, idleListener: () => void, error?: Error | boolean): void {
    const giveBack = () => {
      const leftOpen = !isSettled(client) || client.getTransactionStatus() !== 'I';
      super._release(client, idleListener, error || leftOpen || this.#isRetired(client));
    };
    if (error || isSettled(client)) giveBack();
    else settle(client).then(giveBack);
  }

  #isRetired({ generation }: Lent): boolean {
    return generation < this.#generation;
  }

  /** Whoever waits is told; what runs may come to its end. @param millis how long, then it is cut off. */
  drain(millis: number): Promise<CloseReport> {
    this.#drained ??= this.#drain(millis);
    return this.#drained;
  }

  async #drain(millis: number): Promise<CloseReport> {
    const ended = super.end();
    for (const timer of this.#pausing) clearTimeout(timer);
    this.#pausing.clear();
    for (const waiter of [...this.#waiters]) {
      waiter(closed(this.#terms.environment), undefined, () => {});
    }
    // Nobody waits for those that are being made.
    for (const client of this._clients) {
      if (!this.#open.has(client)) client.connection.stream.destroy();
    }
    this._pendingQueue.length = 0;
    let destroyed = 0;
    const cut = setTimeout(() => {
      for (const client of [...this._clients]) {
        destroyed += 1;
        client.connection.stream.destroy();
        this._remove(client, () => this._pulseQueue());
      }
    }, millis);
    await ended;
    clearTimeout(cut);
    // Postgres counts a connection until its socket has closed.
    while (this.#open.size > 0) await new Promise((resolve) => this.once('remove', resolve));
    return { drained: destroyed === 0, destroyed };
  }

  override end(): Promise<void>;
  override end(ended: () => void): void;
  override end(ended?: () => void): Promise<void> | undefined {
    const drained = this.drain(DRAIN_MILLIS).then(() => {});
    if (!ended) return drained;
    drained.then(ended, ended);
    return undefined;
  }

  #removal(client: Lent): RemoveEvent {
    const { _queryable } = client as unknown as { _queryable: boolean };
    const reason = !_queryable ? 'lost' : this.#isRetired(client) ? 'retired' : 'closed';
    return { environment: this.#terms.environment, reason };
  }
}

/** How long what runs may go on when a pool ends, unless it is said. */
export const DRAIN_MILLIS = 10_000;

function isNamed(config: unknown): boolean {
  return typeof (config as { name?: unknown } | null)?.name === 'string';
}

function pauseBefore(attempt: number): number {
  const longest = Math.min(SHORTEST_PAUSE_MILLIS * 2 ** (attempt - 1), LONGEST_PAUSE_MILLIS);
  return longest * (0.5 + Math.random() / 2);
}

/** Lets a stack begin where the query was awaited, not where its answer was read. */
function fromHere(error: unknown): never {
  if (error instanceof Error) Error.captureStackTrace(error);
  throw error;
}
