import { createServer, type Server } from 'node:net';
import { FaultConnection, type FaultMode, type FaultRules } from './fault-connection.ts';

/** How a proxy is to be started. */
export interface StartFaultProxyOptions {
  /** Where connections lead to. */
  readonly target: { readonly host: string; readonly port: number };
}

/** A running proxy, whose faults may be changed at any time. */
export class FaultProxy implements FaultRules {
  readonly host = '127.0.0.1';
  /** How long `delay` keeps each chunk, in each direction. Default: 100. */
  delayMillis = 100;
  /** Where new connections lead to. */
  target: { readonly host: string; readonly port: number };
  /**
   * Looks at each chunk before it is passed. What it returns is done with this connection, from this
   * chunk on. A chunk is what one read gave: it may hold several messages, or a part of one.
   */
  tap: FaultRules['tap'];
  readonly #server: Server;
  readonly #all = new Set<FaultConnection>();
  #mode: FaultMode = 'pass';
  #accepted = 0;

  constructor(server: Server, target: StartFaultProxyOptions['target']) {
    this.#server = server;
    this.target = target;
    server.on('connection', (client) => {
      this.#accepted += 1;
      const connection = new FaultConnection(this.#accepted, client, this);
      this.#all.add(connection);
      connection.closed.then(() => this.#all.delete(connection));
    });
  }

  /** Where it listens. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** What is done with every connection, open or new. */
  get mode(): FaultMode {
    return this.#mode;
  }

  set mode(mode: FaultMode) {
    this.#mode = mode;
    for (const connection of this.#all) connection.followRules();
  }

  /** How many clients are connected now. One that left during a blackhole counts until it is over. */
  get connections(): number {
    return [...this.#all].filter(({ isOpen }) => isOpen).length;
  }

  /** How many clients have connected so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Ends the connections that are open with a TCP RST; the mode stays. */
  reset(): void {
    for (const connection of this.#all) connection.reset();
  }

  /** Ends all connections and listens no more. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.reset();
    return closed;
  }
}

/**
 * Starts a TCP proxy on a free port of loopback that passes everything on, until it is told to do worse:
 *
 * - `pass`: both ways, and what was held back before.
 * - `reset`: a TCP RST to both sides, and to whoever connects.
 * - `blackhole`: nothing passes, connections stay open, new ones are accepted and hear nothing.
 * - `delay`: each chunk comes `delayMillis` later, in each direction.
 * - `half-close`: the client hears that the server says no more, and may still write to it.
 *
 * Who says more than can be passed has to wait, as with a real network.
 *
 * @example
 * const proxy = await startFaultProxy({target: postgres});
 * proxy.mode = 'blackhole';
 * proxy.tap = (direction, chunk) => direction === 'client' && chunk.includes('commit') ? 'reset' : undefined;
 */
export async function startFaultProxy({ target }: StartFaultProxyOptions): Promise<FaultProxy> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new FaultProxy(server, target);
}
