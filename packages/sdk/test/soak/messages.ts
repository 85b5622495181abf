import type { Fate } from './ledger.ts';

/** What the client is told. Every order is answered by `heard`. */
export type Order =
  /** A fault begins; without a name: it is over. */
  { readonly kind: 'fault'; readonly name: string | undefined } | { readonly kind: 'end' };

/** What the client tells. */
export type News =
  | { readonly kind: 'ready' }
  | { readonly kind: 'heard' }
  | { readonly kind: 'fate'; readonly id: string; readonly fate: Fate }
  | {
      readonly kind: 'sample';
      readonly requests: number;
      readonly failures: number;
      readonly heap: number;
    }
  | { readonly kind: 'closed'; readonly account: Account };

/** How long answers took, in milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What the client knows at its end. */
export interface Account {
  readonly requests: number;
  /** How often each code came. */
  readonly failures: Readonly<Record<string, number>>;
  /** How many requests failed by each fault. */
  readonly failuresByFault: Readonly<Record<string, number>>;
  /** Failures for which no fault can be blamed. */
  readonly unexplained: readonly string[];
  /** Of requests that succeeded: of all, and of each kind while nothing was wrong. */
  readonly latencies: Readonly<Record<string, Latency>>;
  /** Used bytes of the heap after a collection, in the order of time. */
  readonly heap: readonly number[];
  /** Connections that were made. */
  readonly connects: number;
  /** When nothing ran any more: connections in use, and callers that waited for one. */
  readonly atRest: { readonly active: number; readonly waiting: number };
  readonly drained: boolean;
  /** Open sockets before the connector was opened, and after it was closed. */
  readonly sockets: readonly [before: number, after: number];
  /** What keeps the process, by kind, that didn't before. */
  readonly resources: readonly string[];
  readonly uncaught: number;
  readonly unhandled: number;
}
