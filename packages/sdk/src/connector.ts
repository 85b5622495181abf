import {
  type AccessMode,
  type Credentials,
  loadEnvironment,
  openCredentials,
  type ResolvedEnvironment,
  type ServiceAuth,
} from '@spire/access';
import type { Pool, PoolClient } from 'pg';
import { channels } from './channels.ts';
import { openPool, type Pooler, type PoolOptions } from './connect-pool.ts';
import { connectionStringOf } from './connection-string.ts';
import { CredentialGate } from './credential-gate.ts';
import { type Database, openDatabase, type Session } from './database.ts';
import { type ConnectorState, examineHealth, type HealthReport } from './health.ts';
import { HistoryLog } from './history.ts';
import { JobConfigs } from './job-configs.ts';
import { type CloseReport, DRAIN_MILLIS, type PoolStats, type SpirePool } from './spire-pool.ts';
import { runTransaction, type TransactionOptions } from './transaction.ts';
import { prepareWorkflowReads, type WorkflowReads, Workflows } from './workflows.ts';

/** What to connect to. */
export interface SpireDBConnectorOptions {
  /** Default: as the command line decides; production has to be named. An already resolved one will do. */
  readonly environment?: string | ResolvedEnvironment;
  /** Default: `read-only` for a protected environment, else `read-write`. */
  readonly access?: AccessMode;
  /** Where `SPIRE_*`, `VAULT_*` and `DB_*` are looked up. Default: `process.env`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** The limits of the pool. */
  readonly pool?: PoolOptions;
  /** Default: `none`. */
  readonly pooler?: Pooler;
  /** Whether it is going to claim a database that nobody has claimed yet. Default: false. */
  readonly claims?: boolean;
  /** How a service logs in to Vault. Default: with the environment's token. */
  readonly auth?: ServiceAuth;
  /**
   * The environment that the database has to say it is, where that isn't this one: a copy that is about
   * to be claimed anew; `null`: whichever, to look. Default: this environment.
   */
  readonly claimedAs?: string | null;
  /** Credentials that were opened already; the connector closes them. Default: it opens its own. */
  readonly credentials?: Credentials;
}

/** What came of asking Vault for another credential. */
export interface Rotation {
  /** Whether there was another. */
  readonly changed: boolean;
  /** The version that is in use now. */
  readonly version: string;
}

/** The domain and Drizzle inside one transaction. */
export interface SpireTransaction {
  /** Drizzle in the transaction. */
  readonly db: Database;
  /** The models' lives, in the transaction. */
  readonly workflows: Workflows;
  /** The partly filled jobs, in the transaction. */
  readonly jobConfigs: JobConfigs;
  /** The runs, in the transaction. */
  readonly history: HistoryLog;
}

/**
 * The way from an environment's name to its data: resolves the environment, fetches the credential
 * from Vault and opens a pool.
 *
 * @example
 * await using spire = await SpireDBConnector.create({environment: 'staging'});
 * const workflow = await spire.workflows.getByName('spire_adobe_30');
 */
export class SpireDBConnector implements AsyncDisposable {
  /** The environment with every value and its origin. */
  readonly environment: ResolvedEnvironment;
  /** Whether it may write. */
  readonly access: AccessMode;
  /** Drizzle over the pool, typed with `@spire/schema`. Its errors are `SpireDBError`s. */
  readonly db: Database;
  /** pg's pool; it stays the same when the password changes or the server moves. */
  readonly pool: Pool;
  /** The models' lives. */
  readonly workflows: Workflows;
  /** The partly filled jobs that run workflows. */
  readonly jobConfigs: JobConfigs;
  /** What ran, when, and what became of it. */
  readonly history: HistoryLog;
  readonly #pool: SpirePool;
  readonly #gate: CredentialGate;
  readonly #credentials: Credentials;
  readonly #workflowReads: WorkflowReads;
  #closing: Promise<CloseReport> | undefined;
  #closed = false;

  private constructor(
    environment: ResolvedEnvironment,
    access: AccessMode,
    pool: SpirePool,
    gate: CredentialGate,
    credentials: Credentials,
  ) {
    this.environment = environment;
    this.access = access;
    this.pool = pool;
    this.#pool = pool;
    this.#gate = gate;
    this.#credentials = credentials;
    const { name } = environment;
    this.db = openDatabase(pool, name);
    const session: Session = {
      environment: name,
      db: this.db,
      atomically: (run) => runTransaction(pool, name, (client) => run(openDatabase(client, name))),
    };
    this.#workflowReads = prepareWorkflowReads(this.db);
    this.workflows = new Workflows(session, this.#workflowReads);
    this.jobConfigs = new JobConfigs(session);
    this.history = new HistoryLog(session);
  }

  /**
   * Resolves, fetches and connects once, so that what is wrong is said here.
   *
   * The environment's credential is kept alive until the connector is closed: token and lease are
   * renewed, and new connections use the newest user and password.
   *
   * @throws AccessError (no environment, no credential, Vault); SpireDBError `CONNECTION_FAILED`,
   * `AUTHENTICATION_FAILED`, `ENVIRONMENT_MISMATCH`, `ENVIRONMENT_UNCLAIMED`.
   */
  static async create(options: SpireDBConnectorOptions = {}): Promise<SpireDBConnector> {
    const named = options.environment;
    const environment =
      typeof named === 'object' ? named : loadEnvironment(options.variables ?? process.env, named);
    const access = options.access ?? (environment.protected ? 'read-only' : 'read-write');
    let pool: SpirePool | undefined;
    const tell = (event: object) => {
      if (channels.credentials.hasSubscribers) {
        channels.credentials.publish({ environment: environment.name, ...event });
      }
    };
    const credentials =
      options.credentials ??
      openCredentials(environment, {
        mode: access,
        auth: options.auth,
        onChange: (next, previous) => {
          tell({ kind: 'refreshed', version: next.version });
          if (!pool) return;
          Object.assign(pool.options, { user: next.user });
          // A user that Vault made ends with its lease; sessions of any other go on.
          if (previous.lease) pool.retire();
        },
        onStale: (stale) => tell({ kind: stale ? 'stale' : 'fresh' }),
      });
    try {
      const credential = await credentials.get();
      const gate = new CredentialGate(credentials, environment.name);
      pool = openPool(credential, gate, access, options);
      await connectOnce(pool, options.pool?.min ?? 1);
      return new SpireDBConnector(credential.environment, access, pool, gate, credentials);
    } catch (error) {
      await pool?.drain(0);
      await credentials[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Runs a function in a transaction; see {@link TransactionOptions} for retries.
   *
   * @throws SpireDBError `OUTCOME_UNKNOWN`, `CONNECTOR_CLOSED`; whatever the function throws otherwise.
   * @example
   * await spire.transaction(async (tx) => {
   *   const workflow = await tx.workflows.getByName('spire_adobe_30');
   *   await tx.workflows.disable(workflow.id);
   * });
   */
  transaction<T>(
    run: (tx: SpireTransaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    const { name } = this.environment;
    return runTransaction(
      this.#pool,
      name,
      (client) => {
        const db = openDatabase(client, name);
        const session: Session = { environment: name, db, atomically: (inner) => inner(db) };
        return run({
          db,
          workflows: new Workflows(session, this.#workflowReads),
          jobConfigs: new JobConfigs(session),
          history: new HistoryLog(session),
        });
      },
      options,
    );
  }

  /**
   * Lends one connection, for what needs a session of its own: settings, locks, `LISTEN`, `COPY`. It is
   * closed when the function has ended, so that nobody finds anything of it.
   *
   * @throws SpireDBError for what Postgres and pg say; whatever the function throws of its own.
   * @example
   * await spire.withClient(async (client) => {
   *   await client.query('select pg_advisory_lock(42)');
   *   await rebuild(client);
   * });
   */
  withClient<T>(run: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#pool.lendOnce(run);
  }

  /**
   * Looks whether a query is answered, by a writer where the connector may write. Never throws.
   *
   * @param options how it is asked.
   * @param options.timeoutMillis how long to wait for the answer. Default: 1,000.
   * @example
   * const {healthy} = await spire.healthCheck();
   */
  healthCheck({ timeoutMillis = 1000 }: { timeoutMillis?: number } = {}): Promise<HealthReport> {
    const demands = { writes: this.access === 'read-write', timeoutMillis };
    return examineHealth(this.#pool, this.#credentials, this.#state, demands);
  }

  /** How the connections are used. */
  stats(): PoolStats {
    return this.#pool.stats();
  }

  get #state(): ConnectorState {
    if (this.#closing) return this.#closed ? 'closed' : 'draining';
    return this.#credentials.status().stale ? 'degraded' : 'ready';
  }

  /**
   * Asks Vault for another credential than the one in use. Where there is one, each connection is made
   * anew with it; what runs comes to its end first.
   *
   * @throws AccessError when Vault can't be asked.
   */
  async rotateCredentials(): Promise<Rotation> {
    const before = this.#gate.latest?.version ?? '';
    const { version } = await this.#credentials.refresh(before, { insist: true });
    const changed = version !== before;
    if (changed) this.#pool.retire();
    return { changed, version };
  }

  /**
   * Where this connector leads, as `postgres://...`.
   *
   * @param options what stands in it.
   * @param options.reveal whether the password stands in it. Default: false.
   */
  connectionString({ reveal = false }: { reveal?: boolean } = {}): string {
    const { latest } = this.#gate;
    if (!latest) throw new TypeError('a connector has connected');
    return connectionStringOf(latest, reveal);
  }

  /**
   * Takes no more work, lets what runs come to its end, closes every connection and gives back what Vault
   * made for it. Who waits for a connection is told `CONNECTOR_CLOSED`. Calling it again waits for the same end.
   *
   * @param options how it is closed.
   * @param options.drainMillis how long what runs may take; then it is cut off. Default: 10,000.
   */
  close({ drainMillis = DRAIN_MILLIS }: { drainMillis?: number } = {}): Promise<CloseReport> {
    this.#closing ??= this.#close(drainMillis);
    return this.#closing;
  }

  async #close(drainMillis: number): Promise<CloseReport> {
    try {
      return await this.#pool.drain(drainMillis);
    } finally {
      await this.#credentials[Symbol.asyncDispose]();
      this.#closed = true;
    }
  }

  /** Closes it, as `close` does; `await using` calls it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The first connection says what is wrong; others are made beside each other. */
async function connectOnce(pool: SpirePool, count: number): Promise<void> {
  const first = await pool.connect();
  const others = await Promise.all(Array.from({ length: count - 1 }, () => pool.connect()));
  for (const client of [first, ...others]) client.release();
}
