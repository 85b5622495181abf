import { channel, type TracingChannel, tracingChannel } from 'node:diagnostics_channel';

/** What every message on a channel of the connector says. None holds a parameter or a secret. */
export interface ConnectorEvent {
  /** The name of the connector's environment. */
  readonly environment: string;
}

/** A query: its first word, and its name where it is a prepared one. */
export interface QueryEvent extends ConnectorEvent {
  /** Its first word, such as `SELECT`. */
  readonly operation: string;
  /** The name under which it was prepared. */
  readonly name: string | undefined;
}

/** A connection that was closed, and why. */
export interface RemoveEvent extends ConnectorEvent {
  /** `closed` with the connector, `lost` on the way, or `retired` for another credential. */
  readonly reason: 'closed' | 'lost' | 'retired';
}

/** What became of the credential. */
export interface CredentialEvent extends ConnectorEvent {
  /** `refreshed`: another one; `stale`: Vault couldn't confirm it; `fresh`: it could again. */
  readonly kind: 'refreshed' | 'stale' | 'fresh';
  /** Of the credential that is in use now; undefined where it is the same. */
  readonly version: string | undefined;
}

/**
 * The channels of `node:diagnostics_channel` that the connector publishes on. `query`, `transaction`,
 * `acquire` and `connect` are tracing channels: begin, end and error of each. Without a subscriber they
 * cost nothing that can be measured.
 *
 * @example
 * import { subscribe } from 'node:diagnostics_channel';
 * subscribe('spire:db:failover', ({environment}) => log.warn({environment}, 'the writer has moved'));
 */
export const channels = {
  query: tracingChannel<QueryEvent>('spire:db:query'),
  transaction: tracingChannel<ConnectorEvent>('spire:db:transaction'),
  acquire: tracingChannel<ConnectorEvent>('spire:db:acquire'),
  connect: tracingChannel<ConnectorEvent>('spire:db:connect'),
  remove: channel('spire:db:remove'),
  credentials: channel('spire:db:credentials'),
  failover: channel('spire:db:failover'),
} as const;

/** Traces whether something went well; subscribers don't get to see what it gave, which may be rows. */
export function traceOutcome<Context extends object, Rest extends unknown[]>(
  traced: TracingChannel<Context>,
  context: Context,
  answered: (error: never, ...rest: Rest) => void,
  run: (done: (error: unknown, ...rest: Rest) => void) => void,
): void {
  let given: Rest | undefined;
  traced.traceCallback(
    (done: (error: unknown) => void) =>
      run((error, ...rest) => {
        given = rest;
        done(error);
      }),
    0,
    context,
    undefined,
    (error) => answered(error as never, ...(given as Rest)),
  );
}
