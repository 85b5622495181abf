import { Socket } from 'node:net';

/** What is done with a connection; see `startFaultProxy`. */
export type FaultMode = 'pass' | 'reset' | 'blackhole' | 'delay' | 'half-close';

/** Who says something. */
export type FaultDirection = 'client' | 'server';

/** What a connection follows: the proxy it goes through. */
export interface FaultRules {
  readonly mode: FaultMode;
  readonly delayMillis: number;
  readonly target: { readonly host: string; readonly port: number };
  tap:
    | ((
        direction: FaultDirection,
        chunk: Buffer,
        connection: FaultConnection,
      ) => FaultMode | undefined)
    | undefined;
}

/** More than this isn't kept for a direction: its sender has to wait. */
const KEPT_BYTES = 1024 * 1024;

/** One client, and the connection to the server that was opened for it. */
export class FaultConnection {
  /** From 1, in the order in which they were accepted. */
  readonly number: number;
  /** Settles when both sides are closed. */
  readonly closed: Promise<unknown>;
  readonly #rules: FaultRules;
  readonly #client: Socket;
  readonly #server = new Socket({ allowHalfOpen: true });
  readonly #toServer: Lane;
  readonly #toClient: Lane;
  #own: FaultMode | undefined;
  #broken = false;
  #dialled = false;

  constructor(number: number, client: Socket, rules: FaultRules) {
    this.number = number;
    this.#rules = rules;
    this.#client = client;
    this.#toServer = new Lane('client', client, this.#server, this, rules);
    this.#toClient = new Lane('server', this.#server, client, this, rules);
    for (const socket of [client, this.#server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {
        this.#broken = true;
        this.follow();
      });
    }
    // Nobody waits any more for a connection that was never made.
    client.once('close', () => this.#server.pending && this.#server.destroy());
    this.closed = Promise.all([client, this.#server].map((socket) => closing(socket)));
    this.follow();
  }

  /** Whether its client is still there, as far as can be seen. */
  get isOpen(): boolean {
    return !this.#client.destroyed;
  }

  /** What is done with it: its own, once one was set, until the proxy is given another; else the proxy's. */
  get mode(): FaultMode {
    return this.#own ?? this.#rules.mode;
  }

  set mode(mode: FaultMode) {
    this.#own = mode;
    this.follow();
  }

  /** Forgets its own mode. */
  followRules(): void {
    this.#own = undefined;
    this.follow();
  }

  /** Ends both sides with a TCP RST. */
  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  /** Does what the mode says. */
  follow(): void {
    const { mode } = this;
    if (mode === 'reset' || (this.#broken && mode !== 'blackhole')) {
      this.reset();
      return;
    }
    // A silent network takes nobody to the server.
    if (mode !== 'blackhole' && !this.#dialled) {
      this.#dialled = true;
      this.#server.connect({ ...this.#rules.target });
    }
    if (mode === 'half-close') this.#toClient.close();
    this.#toServer.pump();
    this.#toClient.pump();
  }
}

const closing = (socket: Socket) =>
  new Promise<void>((resolve) => socket.once('close', () => resolve()));

/** One direction of a connection: passes what `from` says to `to`, or keeps it back. */
class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #connection: FaultConnection;
  /** What was read and not passed yet; without a chunk: the end. */
  readonly #kept: { readonly chunk?: Buffer; readonly due: number }[] = [];
  #keptBytes = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    direction: FaultDirection,
    from: Socket,
    to: Socket,
    connection: FaultConnection,
    rules: FaultRules,
  ) {
    this.#from = from;
    this.#to = to;
    this.#connection = connection;
    from.pause();
    const due = () => performance.now() + (connection.mode === 'delay' ? rules.delayMillis : 0);
    from.on('data', (chunk: Buffer) => {
      const mode = rules.tap?.(direction, chunk, connection);
      this.#kept.push({ chunk, due: due() });
      this.#keptBytes += chunk.length;
      if (mode) connection.mode = mode;
      else this.pump();
    });
    from.on('end', () => {
      this.#kept.push({ due: due() });
      this.pump();
    });
    from.once('close', () => clearTimeout(this.#timer));
    to.on('drain', () => this.pump());
  }

  /** Tells `to` that nothing more comes. What comes nevertheless is dropped. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#to.end();
  }

  /** Passes what may be passed, and reads on when there is room. */
  pump(): void {
    clearTimeout(this.#timer);
    const { mode } = this.#connection;
    if (mode === 'blackhole') this.#from.pause();
    if (mode === 'blackhole' || this.#to.destroyed) return;
    while (this.#kept[0] && !this.#to.writableNeedDrain) {
      const [{ chunk, due }] = this.#kept as [{ chunk?: Buffer; due: number }];
      const wait = mode === 'delay' ? Math.ceil(due - performance.now()) : 0;
      if (wait > 0) {
        this.#timer = setTimeout(() => this.pump(), wait);
        break;
      }
      this.#kept.shift();
      this.#keptBytes -= chunk?.length ?? 0;
      if (!chunk) this.close();
      else if (!this.#closed) this.#to.write(chunk);
    }
    const full = this.#keptBytes >= KEPT_BYTES || this.#to.writableNeedDrain;
    if (full) this.#from.pause();
    else this.#from.resume();
  }
}
