import type { Socket } from 'node:net';
import { ServersError } from '../errors.ts';
import { createHttpServer, type VaultLogEntry } from './http-server.ts';
import { keepLeases } from './lease-keeper.ts';
import { acceptList } from './list-verb.ts';
import { openStorage } from './storage.ts';
import { newTokenId, setRootToken } from './token-life.ts';
import { createTurns } from './turns.ts';
import { createVault } from './vault.ts';

/** A running Vault. */
export interface VaultServer {
  /** As clients want it: `http://127.0.0.1:PORT`. */
  readonly address: string;
  readonly port: number;
  /** The process that it runs in. */
  readonly pid: number;
  readonly rootToken: string;
  /** Ends it; what was written stays in its file. Once ended, does nothing. */
  stop(): Promise<void>;
}

/** How a Vault is to be started. */
export interface StartVaultOptions {
  /** Default: one that is free. */
  readonly port?: number;
  /** Where the state is kept. Default: only in memory. */
  readonly file?: string;
  /** Default: the one kept in the file, else a random one. */
  readonly rootToken?: string;
  /** The clock, in milliseconds since 1970. Default: the real one. */
  readonly now?: () => number;
  /** Called once for every request. Default: nothing is logged. */
  readonly log?: (entry: VaultLogEntry) => void;
}

/**
 * Starts a Vault-compatible server on loopback, in this process: KV version 1 and 2, a database engine
 * with its leases, tokens and policies, with Vault's own paths, statuses and bodies.
 *
 * One server at a time may use a file. {@link startVaultProcess} sees to that; this doesn't.
 *
 * @throws ServersError `PORT_IN_USE`; `DATA_DIRECTORY_INCOMPATIBLE` when the file is no Vault's.
 * @example
 * const vault = await startVault();
 * await fetch(`${vault.address}/v1/secret/data/a`, {headers: {'X-Vault-Token': vault.rootToken}});
 * await vault.stop();
 */
export async function startVault(options: StartVaultOptions = {}): Promise<VaultServer> {
  const now = options.now ?? Date.now;
  const storage = openStorage(options.file);
  const rootToken = options.rootToken ?? (storage.state.rootToken || newTokenId());
  storage.update((state) => setRootToken(state, rootToken, now()));

  const work = { storage, now, turns: createTurns() };
  const keeper = keepLeases(work);
  const vault = createVault(work, keeper);
  /** What is being answered. */
  const pending = new Set<Promise<unknown>>();
  const answer: typeof vault = (request) => {
    const answered = vault(request).finally(() => pending.delete(answered));
    pending.add(answered);
    return answered;
  };
  const http = createHttpServer(answer, options.log ?? (() => {}));
  const server = acceptList(http);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(cause.code === 'EADDRINUSE' ? portInUse(options.port, cause) : cause),
    );
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  // What ran out while it was off. Nobody waits for it: a database may not be there yet.
  void keeper.sweep();
  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroySoon();
    await closed;
    // What has begun in Postgres is recorded, so that the next one to open the file finds it.
    await Promise.allSettled(pending);
    await keeper.stop();
  }
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    pid: process.pid,
    rootToken,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function portInUse(port: number | undefined, cause: unknown): ServersError {
  return new ServersError('PORT_IN_USE', `Port ${port} on 127.0.0.1 is in use.`, {
    suggestions: ['End the program that uses it, or choose another port.'],
    cause,
  });
}
