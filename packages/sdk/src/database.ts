import { schema } from '@spire/schema';
import {
  createTableRelationsHelpers,
  extractTablesRelationalConfig,
  fillPlaceholders,
  type TablesRelationalConfig,
} from 'drizzle-orm';
import { NodePgDatabase, NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { PoolClient, QueryArrayConfig } from 'pg';
import { toSpireError } from './postgres-error.ts';
import { rowMapper } from './row-mapper.ts';
import { SpirePool } from './spire-pool.ts';
import { runTransaction, type TransactionOptions } from './transaction.ts';

/** Drizzle, typed with every table of `@spire/schema`, over a pool or one held client. */
export type Database = NodePgDatabase<typeof schema>;

/** What the parts of the domain share: where to ask, and how to run several statements as one. */
export interface Session {
  readonly environment: string;
  readonly db: Database;
  /** Runs in one transaction; inside of one, in that one. */
  atomically<T>(run: (db: Database) => Promise<T>): Promise<T>;
}

type Asked = SpirePool | Pick<PoolClient, 'query'>;
type Tables = TablesRelationalConfig;

/**
 * Drizzle over a pool or a client. Its errors are ours, so that no parameter gets into a log, and its
 * transactions too: they lose no connection, and end on the server as they end here.
 */
export function openDatabase(asked: Asked, environment: string): Database {
  const session = new SpireSession(asked, environment);
  return Object.assign(new NodePgDatabase(DIALECT, session as never, relations() as never), {
    $client: asked,
  }) as unknown as Database;
}

/**
 * A prepared statement that is built once, for all databases of a connector: building it costs several
 * times what running it does, and each transaction has a database of its own.
 *
 * @param build makes the statement on the database given.
 * @returns what gives the statement on the connection of a database.
 */
export function prepareOnce<Statement extends object>(
  db: Database,
  build: (db: Database) => Statement,
): (on: Database) => Statement {
  let built: Statement | undefined;
  return (on) => {
    built ??= build(db);
    return on === db ? built : Object.create(built, { client: { value: clientOf(on) } });
  };
}

function clientOf(db: Database): Asked {
  return (db as unknown as { $client: Asked }).$client;
}

const DIALECT = new PgDialect();

/** How the tables hang together: worked out once, since each transaction has a database of its own. */
function relations() {
  if (!known) {
    const { tables, tableNamesMap } = extractTablesRelationalConfig(
      schema,
      createTableRelationsHelpers,
    );
    known = { fullSchema: schema, schema: tables, tableNamesMap };
  }
  return known;
}
let known:
  | { fullSchema: typeof schema; schema: Tables; tableNamesMap: Record<string, string> }
  | undefined;

/** What Drizzle's prepared statement holds. */
interface Prepared {
  readonly client: PoolClient;
  readonly queryConfig: QueryArrayConfig;
  readonly params: unknown[];
}

class SpireSession extends NodePgSession<typeof schema, Tables> {
  readonly #asked: Asked;
  readonly #environment: string;
  readonly #run: <T>(text: string, parameters: unknown[], run: () => Promise<T>) => Promise<T>;

  constructor(asked: Asked, environment: string) {
    super(asked as PoolClient, DIALECT, relations() as never);
    this.#asked = asked;
    this.#environment = environment;
    // In place of Drizzle's, which puts all parameters into the message of an error.
    this.#run = async (_text, _parameters, run) => {
      try {
        return await run();
      } catch (error) {
        throw toSpireError(error, environment);
      }
    };
  }

  override prepareQuery(
    ...query: Parameters<NodePgSession<typeof schema, Tables>['prepareQuery']>
  ) {
    const [statement, fields, name, isArray, mapper = rowMapper(fields), ...rest] = query;
    const prepared = super.prepareQuery(statement, fields, name, isArray, mapper as never, ...rest);
    const environment = this.#environment;
    return Object.assign(prepared, {
      queryWithCache: this.#run,
      ...(mapper && {
        // As Drizzle's, without what it awaits for its tracer and its cache: half of a hot read's cost.
        async execute(this: Prepared, values: Record<string, unknown> = {}) {
          try {
            const { rows } = await this.client.query(
              this.queryConfig,
              fillPlaceholders(this.params, values),
            );
            return mapper(rows);
          } catch (error) {
            throw toSpireError(error, environment);
          }
        },
      }),
    }) as never;
  }

  /** Drizzle's own, on our transactions: run once, as Drizzle's users expect. */
  override transaction<T>(
    run: (tx: NodePgTransaction<typeof schema, Tables>) => Promise<T>,
    config: Omit<TransactionOptions, 'attempts'> = {},
  ): Promise<T> {
    const begin = (session: SpireSession) =>
      new NodePgTransaction<typeof schema, Tables>(DIALECT, session as never, relations() as never);
    // On a held client it is a savepoint of the transaction that runs already.
    if (!(this.#asked instanceof SpirePool)) return begin(this).transaction(run);
    return runTransaction(
      this.#asked,
      this.#environment,
      (client) => run(begin(new SpireSession(client, this.#environment))),
      { ...config, attempts: 1 },
    );
  }
}
