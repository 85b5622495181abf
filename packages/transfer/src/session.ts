import type { Client } from '@spire/migrate';

/** A session of Postgres that takes streams too, such as a client of `pg`'s pool. */
export interface Session extends Client {
  query: Client['query'] &
    /** Begins a COPY, made by `pg-copy-streams`. */
    (<Stream extends { submit: unknown }>(stream: Stream) => Stream);
  /** Gives it back; anything but false or nothing ends it. */
  release(end?: Error | boolean): void;
}

/** Where sessions come from, such as the pool of a connector. What is set in one must not outlive it. */
export interface Sessions {
  connect(): Promise<Session>;
}

/** One of the two databases. */
export interface Side {
  readonly environment: string;
  readonly sessions: Sessions;
  /** Process ids of more sessions of the caller's in it, which are in nobody's way. Default: it has none. */
  readonly own?: readonly number[];
}
