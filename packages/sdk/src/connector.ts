import {
  type AccessMode,
  type Credentials,
  loadEnvironment,
  openCredentials,
  type ResolvedEnvironment,
  type ServiceAuth,
} from '@spire/access';
import type { Pool } from 'pg';
import { ask } from './ask.ts';
import { openPool, type PoolOptions } from './connect-pool.ts';
import { type Database, openDatabase, type Session } from './database.ts';
import { SpireDBError } from './errors.ts';
import { HistoryLog } from './history.ts';
import { JobConfigs } from './job-configs.ts';
import { runTransaction, type TransactionOptions } from './transaction.ts';
import { Workflows } from './workflows.ts';

/** What to connect to. */
export interface SpireDBConnectorOptions {
  /** Default: as the command line decides; production has to be named. An already resolved one will do. */
  readonly environment?: string | ResolvedEnvironment;
  /** Default: `read-only` for a protected environment, else `read-write`. */
  readonly access?: AccessMode;
  /** Where `SPIRE_*`, `VAULT_*` and `DB_*` are looked up. Default: `process.env`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly pool?: PoolOptions;
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

/** The domain and Drizzle inside one transaction. */
export interface SpireTransaction {
  readonly db: Database;
  readonly workflows: Workflows;
  readonly jobConfigs: JobConfigs;
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
  readonly access: AccessMode;
  /** Drizzle over the pool, typed with `@spire/schema`. */
  readonly db: Database;
  readonly pool: Pool;
  readonly workflows: Workflows;
  readonly jobConfigs: JobConfigs;
  readonly history: HistoryLog;
  readonly #credentials: Credentials;
  #closing: Promise<void> | undefined;

  private constructor(
    environment: ResolvedEnvironment,
    access: AccessMode,
    pool: Pool,
    credentials: Credentials,
  ) {
    this.environment = environment;
    this.#credentials = credentials;
    this.access = access;
    this.pool = pool;
    this.db = openDatabase(pool);
    const session: Session = {
      environment: environment.name,
      db: this.db,
      atomically: (run) =>
        runTransaction(pool, environment.name, (client) => run(openDatabase(client))),
    };
    this.workflows = new Workflows(session);
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
    let pool: Pool | undefined;
    const credentials =
      options.credentials ??
      openCredentials(environment, {
        mode: access,
        auth: options.auth,
        onChange: (next) => {
          // pg reads its options at every new connection.
          if (pool) Object.assign(pool.options, { user: next.user });
        },
      });
    try {
      const credential = await credentials.get();
      const opened = openPool(credential, () => credentials.get(), access, options);
      pool = opened;
      await ask(environment.name, async () => (await opened.connect()).release());
      return new SpireDBConnector(credential.environment, access, opened, credentials);
    } catch (error) {
      await pool?.end();
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
  async transaction<T>(
    run: (tx: SpireTransaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    const { name } = this.environment;
    if (this.#closing) {
      throw new SpireDBError('CONNECTOR_CLOSED', `The connector of ${name} is closed.`, {
        environment: name,
      });
    }
    return ask(name, () =>
      runTransaction(
        this.pool,
        name,
        (client) => {
          const db = openDatabase(client);
          const session: Session = { environment: name, db, atomically: (inner) => inner(db) };
          return run({
            db,
            workflows: new Workflows(session),
            jobConfigs: new JobConfigs(session),
            history: new HistoryLog(session),
          });
        },
        options,
      ),
    );
  }

  /** Lets running queries end, closes every connection and gives back what Vault made for it. Calling it again waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.pool.end().finally(() => this.#credentials[Symbol.asyncDispose]());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
