import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresAccess } from './postgres-access.ts';
import { clusterPaths, SUPERUSER } from './postgres-cluster.ts';

/** A running Postgres: where it is, how to get in as its superuser, and how to end it. */
export class PostgresServer extends PostgresAccess {
  readonly dataDirectory: string;
  readonly pid: number;
  readonly #stop: () => Promise<void>;
  #stopped: Promise<void> | undefined;

  constructor(dataDirectory: string, pid: number, port: number, stop: () => Promise<void>) {
    // The password is read when asked for and kept nowhere else.
    super('127.0.0.1', port, SUPERUSER, () =>
      readFileSync(clusterPaths(dataDirectory).password, 'utf8'),
    );
    this.dataDirectory = dataDirectory;
    this.pid = pid;
    this.#stop = stop;
  }

  /** The certificate to trust, PEM; undefined when the server has no TLS. */
  get ca(): string | undefined {
    const file = join(this.dataDirectory, 'ca.pem');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** Ends the server and removes its temporary directory, if it has one. Once ended, does nothing. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }
}
