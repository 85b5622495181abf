import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startPostgres } from '@spire/servers';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closingSql, compareCatalogues, matchViews, readCatalogue } from '../src/index.ts';
import { brief, sharedServer } from './catalogue-differences.ts';
import { expressions } from './catalogue-expressions.ts';
import { CatalogueBench, has15, POSTGRES_15, READER } from './catalogue-fixture.ts';

let bench: CatalogueBench;
let base: pg.Client;

beforeAll(async () => {
  bench = await CatalogueBench.on(sharedServer());
  base = await bench.base('base');
});
afterAll(() => bench.close());

async function differences(expected: pg.Client, actual: pg.Client) {
  return compareCatalogues(await readCatalogue(expected), await readCatalogue(actual));
}

/** Runs what brings one database to another, and expects that nothing is left. */
async function close(expected: pg.Client, actual: pg.Client): Promise<void> {
  await actual.query(closingSql(await differences(expected, actual)));
  expect((await differences(expected, actual)).map(brief)).toEqual([]);
}

describe('readCatalogue', () => {
  it('finds nothing but the schema public in an empty database', async () => {
    const { objects } = await readCatalogue(await bench.database('empty'));
    expect([...objects.values()].map(({ kind, name }) => [kind, name])).toEqual([
      ['schema', 'public'],
    ]);
  });

  it('reads the same as an ordinary role, whatever its session prints like', async () => {
    const database = String((await base.query('select current_database() as name')).rows[0]?.name);
    const url = new URL(bench.server.connectionString(database));
    url.username = READER;
    url.password = 'reader';
    const reader = await bench.connect(url.href);
    const settings = {
      search_path: 'side, public',
      TimeZone: 'America/New_York',
      DateStyle: 'SQL, DMY',
      IntervalStyle: 'sql_standard',
      quote_all_identifiers: 'on',
    };
    for (const [name, value] of Object.entries(settings)) {
      await reader.query('select set_config($1, $2, false)', [name, value]);
    }
    expect(await differences(base, reader)).toEqual([]);
    for (const [name, value] of Object.entries(settings)) {
      const { rows } = await reader.query('select current_setting($1) as value', [name]);
      expect([name, rows[0]?.value]).toEqual([name, value]);
    }
  });

  it('leaves out what extensions brought, but names them', async () => {
    const plain = await bench.database('plain');
    const extended = await bench.database('extended');
    const { rows } = await extended.query(
      `select name from pg_available_extensions where name in ('pg_trgm', 'hstore', 'citext')`,
    );
    if (rows.length === 0) return console.log('Skipped: there are no extensions here.');
    const names = rows.map(({ name }) => String(name)).sort();
    for (const name of names) await extended.query(`create extension ${name}`);
    expect((await differences(plain, extended)).map(brief)).toEqual(
      names.map((name) => `extra unknown ${name}`),
    );
  });

  it('reads 100 tables fast', async () => {
    const many = await bench.database('many');
    await many.query(`do $$ begin for i in 1..100 loop execute format(
      'create table t%s (id serial primary key, a text unique, b integer not null default 1 check (b > 0),
        c timestamptz default now(), d jsonb, e integer references t%s (id));
       create index on t%1$s (b, c)', i, greatest(1, i - 1)); end loop; end $$`);
    await readCatalogue(many);
    const started = performance.now();
    const catalogue = await readCatalogue(many);
    const read = performance.now() - started;
    expect(compareCatalogues(catalogue, catalogue)).toEqual([]);
    const compared = performance.now() - started - read;
    console.log(
      `100 tables, ${catalogue.objects.size} objects: read in ${read.toFixed(0)} ms, compared in ${compared.toFixed(0)} ms`,
    );
    expect(read + compared).toBeLessThan(1000);
  });
});

describe('closingSql', () => {
  it('makes everything in an empty database, and takes it away again', async () => {
    const blank = await bench.database('blank');
    await blank.query(closingSql(await differences(base, blank)));
    const left = await differences(base, blank);
    expect(new Set(left.map(({ kind }) => kind))).toEqual(new Set(['unknown']));
    const empty = await bench.database('nothing');
    await close(empty, blank);
  });

  it('works with names that need quotes', async () => {
    const odd = `Odd "na'me" -- ;\n\\ drop.x`;
    const name = `"${odd.replaceAll('"', '""')}"`;
    const hostile = await bench.database('hostile');
    await hostile.query(`
      create schema ${name};
      create type ${name}.${name} as enum ('a''b', '"c"', 'C');
      create domain ${name}."select" as text constraint ${name} check (value <> '"x"');
      create sequence ${name}."seq uence";
      create table ${name}."Table" (
        ${name} bigint generated by default as identity,
        "user" ${name}.${name} default 'a''b',
        "order" text not null default '"quoted"',
        "dropped" serial,
        constraint ${name} primary key (${name}),
        constraint "check" check ("order" <> '--')
      );
      create table ${name}."ref" (x bigint constraint "fk key" references ${name}."Table" (${name}));
      create table ${name}."parted" (x integer, "Y" text) partition by list ("Y");
      create table ${name}."part ition" partition of ${name}."parted" for values in ('''', '"');
      create unique index "in dex" on ${name}."Table" ("order", lower("order")) where "order" <> 'x';
      create index "on only" on ${name}."parted" (x);
      create view ${name}."vi ew" with (security_barrier = true) as select "order" as ${name} from ${name}."Table";
      create materialized view ${name}."mat view" as select * from ${name}."vi ew";
      create index "mat index" on ${name}."mat view" (${name});
      grant select, update ("order") on ${name}."Table" to ${READER};
      grant usage on schema ${name} to ${READER};
    `);
    const blank = await bench.database('blanker');
    const found = await differences(blank, hostile);
    expect(found.every(({ sql }) => sql.length > 0)).toBe(true);
    await close(hostile, blank);
    await blank.query(`
      alter table ${name}."Table" drop column "order" cascade;
      alter table ${name}."Table" alter column "user" drop default;
      drop table ${name}."part ition"`);
    await close(hostile, blank);
    await close(await bench.database('blankest'), blank);
  });

  it('builds an index again that an interruption left invalid', async () => {
    const [good, broken] = [await bench.database('good'), await bench.database('broken')];
    const create = 'create unique index concurrently once on t (x)';
    for (const client of [good, broken]) await client.query('create table t (x integer)');
    await good.query(create);
    await broken.query('insert into t values (1), (1)');
    await expect(broken.query(create)).rejects.toThrow('could not create unique index');
    const [difference, ...others] = await differences(good, broken);
    expect(others).toEqual([]);
    expect(difference).toMatchObject({
      kind: 'index',
      name: 'once',
      table: 't',
      change: 'changed',
      words: 'the index once on t is invalid: an interrupted CREATE INDEX CONCURRENTLY left it',
    });
    await broken.query('truncate t');
    await close(good, broken);
  });

  it('builds the index of a constraint again', async () => {
    const [good, broken] = [await bench.database('key_good'), await bench.database('key_broken')];
    for (const client of [good, broken]) {
      await client.query('create schema "s.s"; create table "s.s".t (x integer primary key)');
    }
    await broken.query(
      `update pg_index set indisvalid = false where indexrelid = '"s.s".t_pkey'::regclass`,
    );
    expect((await differences(good, broken)).map(({ words }) => words)).toEqual([
      'the index of constraint t_pkey on s.s.t is invalid: what built it was interrupted',
    ]);
    await close(good, broken);
  });

  it('marks what loses data, on one line', async () => {
    const [good, other] = [await bench.database('lossless'), await bench.database('lossy')];
    await other.query('create table "a\nb" (x integer)');
    expect(closingSql(await differences(good, other))).toBe(
      `-- loses data: there is a table a b, which the migrations don't make\ndrop table public."a\nb";\n`,
    );
  });
});

describe('a database that was dumped and loaded', () => {
  it.skipIf(!has15())('differs in nothing, from 15 to 15 and to 18', async () => {
    const server = await startPostgres({ lifetime: 'parent', binaries: POSTGRES_15 });
    const old = await CatalogueBench.on(server);
    try {
      const shadow = await bench.base('shadow');
      const source = await old.base('source');
      for (const client of [shadow, source]) {
        for (const statement of expressions) await client.query(statement);
      }
      const expected = await readCatalogue(shadow);
      const { rows } = await source.query('select current_database() as name');
      const dump = execFileSync(
        join(POSTGRES_15, 'pg_dump'),
        ['--schema-only', server.connectionString(String(rows[0]?.name))],
        { encoding: 'utf8' },
      );
      // What begins with a backslash is for psql.
      const load = dump.replace(/^\\.*$/gm, '');
      for (const target of [await old.database('loaded'), await bench.database('loaded')]) {
        await target.query(load);
        for (const live of [source, target]) {
          const matched = await matchViews(shadow, await readCatalogue(live));
          expect(compareCatalogues(expected, matched).map(({ words }) => words)).toEqual([]);
        }
      }
    } finally {
      await old.close();
      await server.stop();
    }
  });
});
