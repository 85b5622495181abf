import { existsSync } from 'node:fs';
import { findPostgres, type PostgresServer, startPostgres } from '@spire/servers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type Catalogue,
  closingSql,
  compareCatalogues,
  type Difference,
  matchViews,
  readCatalogue,
} from '../src/index.ts';
import { buildBase, READER } from './catalogue-fixture.ts';
import { mutations } from './catalogue-mutations.ts';

const POSTGRES_15 = '/usr/lib/postgresql/15/bin';
const has15 = existsSync(POSTGRES_15);
if (!has15) console.log(`Skipped: there is no PostgreSQL 15 in ${POSTGRES_15}.`);

const name = `catalogue_${process.pid}`;
const open: pg.Client[] = [];
let server: PostgresServer;
let old: PostgresServer | undefined;
let shadow: pg.Client;
let expected: Catalogue;

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  open.push(client);
  return client;
}

async function build(on: PostgresServer, database: string): Promise<pg.Client> {
  const client = await connect(await on.createDatabase(database));
  await buildBase(client);
  return client;
}

async function addRole(on: PostgresServer): Promise<void> {
  const client = await connect(on.connectionString());
  await client.query(`create role ${READER} login password 'reader'`);
}

beforeAll(async () => {
  const found = await findPostgres(inject('postgres'));
  if (!found) throw new Error('the Postgres of the global setup is gone');
  server = found;
  await addRole(server);
  shadow = await build(server, name);
  expected = await readCatalogue(shadow);
  if (!has15) return;
  old = await startPostgres({ lifetime: 'parent', binaries: POSTGRES_15 });
  await addRole(old);
});

afterAll(async () => {
  await Promise.all(open.splice(0).map((client) => client.end()));
  for (const suffix of ['', '_live', '_invalid']) await server.dropDatabase(`${name}${suffix}`);
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  await client.query(`drop role ${READER}`);
  await client.end();
  await old?.stop();
});

async function differencesOf(live: pg.Client): Promise<Difference[]> {
  return compareCatalogues(expected, await matchViews(shadow, await readCatalogue(live)));
}

const brief = ({ change, kind, table, name }: Difference) =>
  `${change} ${kind} ${table !== undefined && kind !== 'grant' ? `${table}: ` : ''}${name}`;

describe.each([
  ['18', true],
  ['15', has15],
])('a live PostgreSQL %s', (version, installed) => {
  let live: pg.Client;

  beforeAll(async () => {
    if (!installed) return;
    live = await build(version === '15' && old ? old : server, `${name}_live`);
  });

  it.skipIf(!installed)('differs in nothing when it was built alike', async () => {
    expect(await differencesOf(live)).toEqual([]);
  });

  it
    .skipIf(!installed)
    .each(
      mutations
        .filter(({ since = 14 }) => since <= Number(version))
        .map((one) => [one.name, one] as const),
    )('%s', async (_, mutation) => {
    await live.query('begin');
    try {
      await live.query(mutation.sql);
      const differences = await differencesOf(live);
      expect(differences.map(brief)).toEqual(mutation.differences);
      if (mutation.words) expect(differences.map(({ words }) => words)).toEqual(mutation.words);
      const losesData =
        mutation.losesData === 'before 17' ? Number(version) < 17 : (mutation.losesData ?? false);
      expect(differences.some((one) => one.losesData)).toBe(losesData);
      const open = differences.filter(({ sql }) => sql.length === 0).map(brief);
      expect(open).toEqual(mutation.open ?? []);
      const script = closingSql(differences);
      await live.query(script).catch((error) => {
        throw new Error(`${error.message} in\n${script}`);
      });
      expect((await differencesOf(live)).map(brief)).toEqual(open);
    } finally {
      await live.query('rollback');
    }
  });
});
