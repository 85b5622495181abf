import type { Socket } from 'node:net';
import type { DatabaseCredential } from '@spire/access';
import pg from 'pg';
import { channels } from './channels.ts';
import type { CredentialGate } from './credential-gate.ts';
import { SpireDBError } from './errors.ts';
import { postgresComplaint } from './postgres-error.ts';

/** What a connection of one pool has to know. */
export interface ClientTerms {
  readonly environment: string;
  readonly gate: CredentialGate;
  /** How long it may take to connect, in milliseconds. */
  readonly connectMillis: number;
  /** How long a query may go without an answer, in milliseconds; 0: for ever. */
  readonly queryMillis: number;
  /** Whether statements may be prepared by name. */
  readonly named: boolean;
  /** Counts how often all connections were retired. */
  generation(): number;
}

/** What pg's client has and its types don't. */
interface Driver {
  user: string;
  database: string;
  host: string;
  port: number;
  password: string | null;
  connectionParameters: { user: string; database: string; host: string; port: number };
  readyForQuery: boolean;
  _queryQueue: unknown[];
}

type Answer = (error?: Error | null, client?: pg.Client) => void;

/** How long a farewell may take: a dead peer never answers it. */
const FAREWELL_MILLIS = 50;

/**
 * A connection that takes user and password from the gate at the moment it connects, notices when no
 * answer comes, and ends at once when it has to.
 */
export class SpireClient extends pg.Client {
  readonly #terms: ClientTerms;
  #watch: NodeJS.Timeout | undefined;
  /** How many bytes had come when the watch began. */
  #bytesBefore = 0;
  readonly generation: number;
  /** When it began to connect, by `performance.now()`. */
  readonly since = performance.now();

  constructor(config: pg.ClientConfig, terms: ClientTerms) {
    // A password that stands in the process' variables is not for this one.
    super({ ...config, password: '' });
    this.#terms = terms;
    this.generation = terms.generation();
    // The next one that queues begins.
    this.connection.on('readyForQuery' as never, () => {
      if (this.#driver._queryQueue.length > 0) this.#expectAnswer();
    });
    // A lost connection is reported by the query that needs it; without a listener it ends the process.
    this.on('error', () => {});
  }

  override connect(): Promise<pg.Client>;
  override connect(answer: Answer): void;
  override connect(answer?: Answer): Promise<pg.Client> | undefined {
    if (!answer) {
      return new Promise((resolve, reject) => {
        this.connect((error) => (error ? reject(error) : resolve(this)));
      });
    }
    const context = { environment: this.#terms.environment };
    const traced: Answer = (error) => answer(error ?? null, this);
    if (channels.connect.hasSubscribers) {
      channels.connect.traceCallback(
        (done: Answer) => this.#connect(done),
        0,
        context,
        undefined,
        traced,
      );
    } else this.#connect(traced);
    return undefined;
  }

  #connect(answer: Answer): void {
    const { gate } = this.#terms;
    let waiting = true;
    // The pool has waited long enough: it ends the socket, which hasn't begun yet.
    this.connection.stream.once('close', () => {
      if (!waiting) return;
      waiting = false;
      answer(new Error('Connection terminated due to connection timeout'));
    });
    gate.enter().then(
      (credential) => {
        if (!waiting) return gate.failed();
        waiting = false;
        this.#use(credential);
        super.connect(((error: Error | null) => {
          this.#driver.password = null;
          if (error) return this.#turnedAway(error, credential.version, answer);
          this.#letIn(credential.version);
          answer(null);
        }) as never);
      },
      (error: Error) => {
        if (!waiting) return;
        waiting = false;
        answer(error);
      },
    );
  }

  #use({ user, password, host, port, database }: DatabaseCredential): void {
    const own = { user, host, port, database };
    Object.assign(this.#driver, own);
    Object.assign(this.#driver.connectionParameters, own);
    this.#driver.password = password.reveal();
  }

  #letIn(version: string): void {
    const { gate } = this.#terms;
    gate.accepted(version);
    this.once('error', () => gate.lost(version));
    this.once('end', () => {
      clearTimeout(this.#watch);
      gate.left(version);
    });
  }

  /** A refused password may have been changed: whoever asked hears of it when that is known. */
  #turnedAway(error: Error, version: string, answer: Answer): void {
    const { gate } = this.#terms;
    const sqlstate = postgresComplaint(error)?.sqlstate;
    if (sqlstate !== '28P01' && sqlstate !== '28000') {
      gate.failed();
      answer(error);
      return;
    }
    // Whoever waits doesn't do so for longer than was asked; others hear of it.
    const left = this.since + this.#terms.connectMillis - performance.now();
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, left, false).unref());
    Promise.race([gate.refused(version), late]).then((again) =>
      answer(again ? new RefusedForNow(error) : error),
    );
  }

  override query(...query: unknown[]): never {
    // One that only queues is watched when its turn comes.
    if (this.#driver.readyForQuery) this.#expectAnswer();
    const [config, ...rest] = query as Parameters<pg.Client['query']>;
    const { name } = config as unknown as { name?: string };
    const isNamed = name !== undefined && !this.#terms.named;
    const sent = isNamed
      ? ({ ...(config as unknown as object), name: undefined } as never)
      : config;
    const asked: unknown = super.query(sent, ...rest);
    return (asked instanceof Promise ? asked.catch(remember) : asked) as never;
  }

  /** One timer for all queries: it is set anew at the beginning of each, which costs next to nothing. */
  #expectAnswer(): void {
    const { queryMillis } = this.#terms;
    if (queryMillis === 0) return;
    this.#bytesBefore = this.#bytesRead;
    if (this.#watch) {
      this.#watch.refresh();
      return;
    }
    this.#watch = setTimeout(() => {
      if (this.#driver.readyForQuery) return;
      // Rows that are read slowly are answers.
      if (this.#bytesRead === this.#bytesBefore) this.#giveUp();
      else this.#expectAnswer();
    }, queryMillis);
    this.#watch.unref();
  }

  get #bytesRead(): number {
    return (this.connection.stream as Socket).bytesRead;
  }

  #giveUp(): void {
    const { environment, queryMillis } = this.#terms;
    const message = `No answer came from ${environment} within ${queryMillis} ms.`;
    this.connection.stream.destroy(
      new SpireDBError('QUERY_TIMEOUT', message, {
        environment,
        suggestions: [
          'Whether a write has happened is unknown: look before you do it again.',
          'Give it more time: pool: {queryMillis}',
        ],
      }),
    );
  }

  override end(): Promise<void>;
  override end(answer: (error: Error) => void): void;
  override end(answer?: (error: Error) => void): Promise<void> | undefined {
    // Keeps the process for as long: an idle socket doesn't, and whoever closes a pool waits for it.
    const late = setTimeout(() => this.connection.stream.destroy(), FAREWELL_MILLIS);
    this.once('end', () => clearTimeout(late));
    if (!answer) return super.end();
    super.end(answer);
    return undefined;
  }

  /** What it holds has queries and their parameters in it. */
  toJSON(): object {
    return { generation: this.generation };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `SpireClient ${JSON.stringify(this)}`;
  }

  get #driver(): Driver {
    return this as unknown as Driver;
  }
}

/** What queries on held connections failed with: whoever holds one may fail for reasons of their own. */
const ofDriver = new WeakSet<object>();

function remember(error: unknown): never {
  if (error instanceof Error) ofDriver.add(error);
  throw error;
}

/** Whether an error is what a query failed with, and not what somebody threw who was lent a connection. */
export function isOfDriver(error: unknown): boolean {
  return error instanceof SpireDBError || (error instanceof Error && ofDriver.has(error));
}

/** Postgres has refused a password, and another attempt may go better. */
export class RefusedForNow extends Error {
  constructor(cause: Error) {
    super('the password was refused', { cause });
  }
}
