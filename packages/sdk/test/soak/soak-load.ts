import { randomUUID } from 'node:crypto';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { inspect } from 'node:util';
import { sql } from 'drizzle-orm';
import { type SpireDBConnector, SpireDBError } from '../../src/index.ts';
import type { Fate } from './ledger.ts';
import type { Latency } from './messages.ts';

const PER_SECOND = 50;
/** Requests that begin later than this after a fault may not fail. */
const GRACE_MILLIS = 2000;

type Operation = 'read' | 'list' | 'transaction';
/** Of twenty requests. */
const MIX: readonly Operation[] = [
  ...Array<Operation>(11).fill('read'),
  ...Array<Operation>(4).fill('list'),
  ...Array<Operation>(5).fill('transaction'),
];

/** What a load tells while it runs. */
export interface LoadListener {
  fate(id: string, fate: Fate): void;
  /** @param text what a program may print of the error. */
  failed(text: string): void;
}

/** Fifty requests a second, whether or not the ones before are answered, and what became of them. */
export class SoakLoad {
  requests = 0;
  readonly failures: Record<string, number> = {};
  readonly failuresByFault: Record<string, number> = {};
  readonly unexplained: string[] = [];
  readonly #spire: SpireDBConnector;
  readonly #names: readonly string[];
  readonly #listener: LoadListener;
  readonly #latencies: Record<string, RecordableHistogram> = {};
  readonly #running = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  /** The one that strikes, or that was the last to. */
  #fault = 'nothing';
  #strikes = 0;
  #calmFrom = performance.now();

  constructor(spire: SpireDBConnector, names: readonly string[], listener: LoadListener) {
    this.#spire = spire;
    this.#names = names;
    this.#listener = listener;
    const begun = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - begun) / 1000) * PER_SECOND;
      while (this.requests < due) {
        const asked = this.#request().finally(() => this.#running.delete(asked));
        this.#running.add(asked);
      }
    }, 1000 / PER_SECOND);
  }

  get failed(): number {
    return Object.values(this.failures).reduce((sum, count) => sum + count, 0);
  }

  /** @param name what strikes now; undefined: it is over. */
  hearOfFault(name: string | undefined): void {
    if (name === undefined) {
      this.#calmFrom = performance.now() + GRACE_MILLIS;
      return;
    }
    this.#fault = name;
    this.#strikes += 1;
    this.#calmFrom = Number.POSITIVE_INFINITY;
  }

  /** Begins no more, and waits for the answers. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
  }

  get latencies(): Record<string, Latency> {
    const millis = (nanos: number) => nanos / 1e6;
    return Object.fromEntries(
      Object.entries(this.#latencies).map(([name, histogram]) => [
        name,
        {
          count: histogram.count,
          p50: millis(histogram.percentile(50)),
          p99: millis(histogram.percentile(99)),
          max: millis(histogram.max),
        },
      ]),
    );
  }

  async #request(): Promise<void> {
    const operation = MIX[this.requests % MIX.length] as Operation;
    const name = this.#names[this.requests % this.#names.length] as string;
    this.requests += 1;
    const began = performance.now();
    const strikes = this.#strikes;
    const isCalm = () => began >= this.#calmFrom && strikes === this.#strikes;
    try {
      await this.#run(operation, name);
      const nanos = Math.max(1, Math.round((performance.now() - began) * 1e6));
      this.#record('all', nanos);
      if (isCalm()) this.#record(operation, nanos);
    } catch (error) {
      const code = error instanceof SpireDBError ? error.code : 'UNTYPED';
      const key = `${operation} ${code}`;
      this.failures[key] = (this.failures[key] ?? 0) + 1;
      this.#listener.failed(printed(error));
      // An error that isn't typed is never explained.
      if (isCalm() || code === 'UNTYPED') this.unexplained.push(`${operation}: ${error}`);
      else this.failuresByFault[this.#fault] = (this.failuresByFault[this.#fault] ?? 0) + 1;
    }
  }

  async #run(operation: Operation, name: string): Promise<void> {
    const spire = this.#spire;
    if (operation === 'read') await spire.workflows.getByName(name);
    else if (operation === 'list') {
      await (this.requests % 2 ? spire.workflows.list({ limit: 10 }) : spire.history.latest());
    } else await this.#append(randomUUID(), name);
  }

  async #append(id: string, name: string): Promise<void> {
    try {
      await this.#spire.transaction(async (tx) => {
        // A parameter that may be seen in no error.
        const note = `canary-${id}`;
        await tx.db.execute(sql`insert into soak_ledger (id, note) values (${id}, ${note})`);
        await tx.workflows.getByName(name);
        // Long enough for a fault to find one under way.
        await tx.db.execute(sql`select pg_sleep(0.05)`);
      });
      this.#listener.fate(id, 'committed');
    } catch (error) {
      const isUnknown = error instanceof SpireDBError && error.code === 'OUTCOME_UNKNOWN';
      this.#listener.fate(id, isUnknown ? 'unknown' : 'failed');
      throw error;
    }
  }

  #record(name: string, nanos: number): void {
    this.#latencies[name] ??= createHistogram();
    this.#latencies[name].record(nanos);
  }
}

/** Everything that a program may print of an error. */
function printed(error: unknown): string {
  const stack = error instanceof Error ? error.stack : '';
  return [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), stack].join('\n');
}
