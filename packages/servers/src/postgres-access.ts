import pg from 'pg';

/** Where a Postgres is, and how to get in as its superuser. Who runs it, and how it ends, doesn't matter here. */
export class PostgresAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly #password: () => string;

  /** @param password is called whenever the password is needed. */
  constructor(host: string, port: number, user: string, password: () => string) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.#password = password;
  }

  /**
   * @param url the superuser's `postgres://user:password@host:port/...`.
   * @example
   * const server = PostgresAccess.at(process.env.SUPERUSER_URL);
   */
  static at(url: string): PostgresAccess {
    const { hostname, port, username, password } = new URL(url);
    const secret = decodeURIComponent(password);
    return new PostgresAccess(hostname, Number(port), decodeURIComponent(username), () => secret);
  }

  /** The superuser's password. */
  get password(): string {
    return this.#password();
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
