import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { clusterPaths, SUPERUSER } from './postgres-cluster.ts';

/** A running Postgres: where it is, how to get in as its superuser, and how to end it. */
export class PostgresServer {
  readonly host = '127.0.0.1';
  readonly user = SUPERUSER;
  readonly dataDirectory: string;
  readonly pid: number;
  readonly port: number;
  readonly #stop: () => Promise<void>;
  #stopped: Promise<void> | undefined;

  constructor(dataDirectory: string, pid: number, port: number, stop: () => Promise<void>) {
    this.dataDirectory = dataDirectory;
    this.pid = pid;
    this.port = port;
    this.#stop = stop;
  }

  /** The superuser's password. It is read when asked for and kept nowhere else. */
  get password(): string {
    return readFileSync(clusterPaths(this.dataDirectory).password, 'utf8');
  }

  /** The certificate to trust, PEM; undefined when the server has no TLS. */
  get ca(): string | undefined {
    const file = join(this.dataDirectory, 'ca.pem');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /**
   * `postgres://...` with the superuser's password, for a database of this server. It says that TLS isn't
   * used, whatever `PGSSLMODE` says: that is meant for servers elsewhere.
   */
  connectionString(database = 'postgres'): string {
    return `postgres://${this.user}:${this.password}@${this.host}:${this.port}/${encodeURIComponent(database)}?sslmode=disable`;
  }

  /**
   * Makes a database, empty or as a copy of a template that nobody is connected to.
   *
   * @returns its connection string, as the superuser.
   * @example
   * const copy = await server.createDatabase('trial_1', {template: 'migrated'});
   */
  async createDatabase(name: string, options: { template?: string } = {}): Promise<string> {
    const template = options.template ? ` template ${pg.escapeIdentifier(options.template)}` : '';
    await this.#execute(`create database ${pg.escapeIdentifier(name)}${template}`);
    return this.connectionString(name);
  }

  /** Removes a database if it is there, ending the sessions in it. */
  async dropDatabase(name: string): Promise<void> {
    await this.#execute(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  }

  /** Ends the server and removes its temporary directory, if it has one. Once ended, does nothing. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #execute(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.connectionString() });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
