import pg from 'pg';
import type { PostgresAccess } from '../../src/postgres-access.ts';
import type { Conformance } from './prepare.ts';

/** What a request about databases may use. */
export interface DatabaseConformance extends Conformance {
  /** The path of a database engine, without slashes. Its connection is `main`, for every role. */
  readonly mount: string;
  /** What tells Vault how to reach the database. */
  readonly connection: object;
  /** A login that is there already, for static roles. */
  readonly login: string;
  /** As the database's superuser. */
  query(sql: string, values?: unknown[]): Promise<pg.QueryResult>;
  /** Whether Postgres has such a user. */
  exists(user: string): Promise<boolean>;
  /** Whether a user can log in and read the table `rows`. */
  reads(user: string, password: string): Promise<boolean>;
  /** Writes a role whose users can read the table `rows`. */
  role(name: string, more?: object): Promise<void>;
}

/** A request of the list about databases. */
export type DatabaseRequest = readonly [string, (given: DatabaseConformance) => Promise<void>];

/** As a team writes them: a text alone, with commas in it. */
export const CREATION = `create role "{{name}}" login password '{{password}}' valid until '{{expiration}}'; grant select, insert on rows to "{{username}}";`;

/** Makes a database of its own with a table, an administrator for Vault, and a mount; `end` removes them. */
export async function prepareDatabase(given: Conformance, postgres: PostgresAccess) {
  const { vault, versioned, http } = given;
  const mount = `${versioned}-database`;
  const name = mount.replaceAll('-', '_');
  const [admin, login] = [`${name}_admin`, `${name}_login`];
  // What a URL and a statement would take for something else.
  const password = "it's secret/?{{name}}";
  const client = new pg.Client({ connectionString: await postgres.createDatabase(name) });
  await client.connect();
  await client.query(
    `create role ${admin} superuser login password ${client.escapeLiteral(password)};
     create role ${login} login password 'old';
     create table rows (id int);
     grant select on rows to ${login}`,
  );
  const { host, port } = postgres;
  // A Vault in a container knows it by another address than the tests.
  const address = process.env.SPIRE_TEST_VAULT_POSTGRES ?? `${host}:${port}`;
  const connection = {
    plugin_name: 'postgresql-database-plugin',
    connection_url: `postgresql://{{username}}:{{password}}@${address}/${name}?sslmode=disable`,
    username: admin,
    password,
    allowed_roles: '*',
  };
  await vault.mount({ mount_point: mount, type: 'database' });
  await vault.write(`${mount}/config/main`, connection);
  const more: Omit<DatabaseConformance, keyof Conformance> = {
    mount,
    connection,
    login,
    query: (sql, values) => client.query(sql, values),
    exists: async (user) =>
      (await client.query('select from pg_roles where rolname = $1', [user])).rowCount === 1,
    async reads(user, secret) {
      const own = new pg.Client({ host, port, user, password: secret, database: name });
      try {
        await own.connect();
        await own.query('select from rows');
        return true;
      } catch {
        return false;
      } finally {
        await own.end();
      }
    },
    async role(role, options = {}) {
      const body = {
        db_name: 'main',
        creation_statements: CREATION,
        default_ttl: '10m',
        ...options,
      };
      await vault.write(`${mount}/roles/${role}`, body);
    },
  };
  const end = async () => {
    await http('POST', `sys/leases/revoke-force/${mount}`);
    await vault.unmount({ mount_point: mount });
    await client.query(`drop owned by ${login}; drop role ${login}; drop role ${admin}`);
    await client.end();
    await postgres.dropDatabase(name);
  };
  return { given: { ...given, ...more }, end };
}
