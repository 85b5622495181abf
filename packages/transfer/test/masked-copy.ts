import { pipeline } from 'node:stream/promises';
import { migrationFiles } from '@spire/schema';
import { PostgresAccess } from '@spire/servers';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';
import { afterAll, inject } from 'vitest';
import {
  type MaskTerms,
  readStructure,
  type Session,
  selectOf,
  setMaskSecret,
  type TableStructure,
} from '../src/index.ts';

/** Those that others refer to. */
const FIRST = ['workflows', 'datasets', 'features', 'tags', 'job_configs', 'postprocess'];

/** Terms of a copy that changes as much as one can. */
export const TERMS: MaskTerms = {
  own: {
    host: 'canary.rds.example.com',
    vaultAddress: 'https://vault.canary.example.com:8200',
    vaultReadPath: 'secret/canary/db',
  },
  target: {
    environment: 'development',
    host: 'development.example.com',
    vaultAddress: 'https://vault.example.com:8200',
    vaultReadPath: 'secret/development/db',
  },
  live: false,
};

export type Row = Record<string, unknown>;

/** Databases at the head and at the baseline, which go away with the file. */
export function useDatabases(prefix: string) {
  const server = PostgresAccess.at(inject('postgresUrl'));
  const clients: pg.Client[] = [];
  const names: string[] = [];
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
    for (const name of names) await server.dropDatabase(name);
  });
  const connect = async (url: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    clients.push(client);
    return Object.assign(client, { release: () => {} });
  };
  const create = async (template?: string) => {
    const name = `${prefix}_${process.pid}_${names.length}`;
    names.push(name);
    return connect(await server.createDatabase(name, template ? { template } : {}));
  };
  return {
    /** Opens another session. */
    connect,
    /** A database with the modern tables, empty. */
    atHead: () => create(inject('template')),
    /** A database with so many migrations. */
    async migrated(count: number) {
      const client = await create();
      await migrate(client, 0, count);
      return client;
    },
  };
}

/** Applies migrations from one place of the journal to before another. */
export async function migrate(client: pg.Client, from: number, to: number): Promise<void> {
  for (const { statements } of migrationFiles().slice(from, to)) {
    await client.query('begin');
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
  }
}

/** Runs something as a copy runs it: in a transaction that may only read, and can mask. */
export async function reading<Result>(
  source: Session,
  secret: string,
  run: () => Promise<Result>,
): Promise<Result> {
  await source.query('begin isolation level repeatable read read only');
  try {
    await setMaskSecret(source, secret);
    return await run();
  } finally {
    await source.query('rollback');
  }
}

/** What comes of a table, read by the source itself. */
export async function maskedRows(
  source: Session,
  table: string,
  terms: MaskTerms = TERMS,
  secret = 'some secret',
): Promise<Row[]> {
  const structure = (await readStructure(source)).find(({ name }) => name === table);
  if (!structure) throw new Error(`There is no table ${table}.`);
  const { rows } = await reading(source, secret, () => source.query(selectOf(structure, terms)));
  return rows;
}

/** Copies everything, masked, into a database with the same tables, whose foreign keys are in force. */
export async function maskedCopy(
  source: Session,
  target: Session,
  terms: MaskTerms = TERMS,
  secret = 'some secret',
): Promise<TableStructure[]> {
  const tables = await readStructure(source);
  const rank = ({ name }: TableStructure) => (FIRST.includes(name) ? FIRST.indexOf(name) : 99);
  await reading(source, secret, async () => {
    for (const table of [...tables].sort((one, other) => rank(one) - rank(other))) {
      await pipeline(
        source.query(to(`copy (${selectOf(table, terms)}) to stdout (format binary)`)),
        target.query(from(`copy public.${table.quoted} from stdin (format binary)`)),
      );
    }
  });
  return tables;
}

/** All that a database's tables hold, as texts. */
export async function contentOf(
  client: Session,
  tables: readonly TableStructure[],
): Promise<Record<string, Row[]>> {
  const content: Record<string, Row[]> = {};
  for (const { name, quoted, columns } of tables) {
    const texts = columns.map((column) => `${column.quoted}::text`);
    const { rows } = await client.query(`select ${texts} from public.${quoted} t order by t::text`);
    content[name] = rows;
  }
  return content;
}
