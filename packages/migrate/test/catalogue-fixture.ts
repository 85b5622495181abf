import { existsSync } from 'node:fs';
import type { PostgresAccess } from '@spire/servers';
import pg from 'pg';
import { applyMigrations } from '../src/index.ts';

/** A role of these tests: roles are the whole server's, and several files use it at a time. */
export const READER = `catalogue_reader_${process.pid}_${process.env.VITEST_POOL_ID}`;

/** Objects of every kind, in a schema of their own beside what the migrations make. */
const fixture = `
create schema side;
create type side.mood as enum ('sad', 'ok', 'happy');
create domain side.percent as numeric(5,2) default 0
  constraint percent_range check (value between 0 and 100);
create domain side.must as text not null;
create type side.place as (x integer, label varchar(10));
create type side.span as range (subtype = float8, subtype_diff = float8mi);
create sequence side.counter as integer increment 5 minvalue 5 maxvalue 500 start 10 cache 3 cycle;
create table side.account (
  id bigint generated always as identity (start with 100 increment by 10),
  email text collate "C" not null,
  mood side.mood default 'ok',
  share side.percent,
  price numeric(10,2) not null default 1.5,
  total numeric generated always as (price * 2) stored,
  code varchar(20) constraint code_known check (code in ('a', 'b')),
  since timestamptz default '2024-01-01 00:00:00+02',
  pause interval default '1 day 02:00',
  during int4range,
  json text,
  "Odd ""name" text,
  constraint account_pkey primary key (id),
  constraint account_email_key unique (email) deferrable initially deferred,
  constraint account_during_excl exclude using gist (during with &&),
  constraint account_json_check check (json <> 'x')
) with (fillfactor = 80, autovacuum_enabled = false);
create table side.measure (
  at timestamptz not null default now(),
  account_id bigint,
  value real constraint measure_value_check check (value > 0),
  primary key (at, account_id),
  constraint measure_account_fk foreign key (account_id) references side.account (id)
) partition by range (at);
create table side.measure_2024 partition of side.measure
  for values from ('2024-01-01 00:00:00+00') to ('2025-01-01 00:00:00+00');
create table side.measure_2025 partition of side.measure
  for values from ('2025-01-01 00:00:00+00') to ('2026-01-01 00:00:00+00');
create index measure_value_idx on side.measure (value);
create index measure_2024_idx on side.measure_2024 (account_id);
create table side.note (
  id serial primary key,
  account_id bigint,
  body text
);
alter table side.note add constraint note_account_fk
  foreign key (account_id) references side.account (id) on delete cascade not valid;
create table side.line (
  at timestamptz, account_id bigint,
  constraint line_measure_fk foreign key (at, account_id) references side.measure (at, account_id)
);
create table side.bucket (x integer) partition by list (x);
create table side.parent (a integer not null, b text default 'b', constraint a_positive check (a > 0));
create table side.child (c integer) inherits (side.parent);
create unlogged table side.scratch (x integer);
create index account_total_idx on side.account (total);
alter table side.account add constraint account_total_check check (total > price);
create index account_lower_idx on side.account (lower(email), mood desc nulls last) where code is not null;
create unique index note_body_idx on side.note (account_id, body) include (id);
create view side.rich with (security_barrier = true) as
  select a.id, a.email, n.body from side.account a left join side.note n on n.account_id = a.id
  where a.price > 10 and a.code in ('a', 'b');
create view side.richer as select email, count(*) as notes from side.rich group by email;
create view side.simple as
  select id, email, extract(year from since) as year, (select max(value) from side.measure) as most
  from side.account where price > 10;
create materialized view side.sums as
  select account_id, sum(value) as total from side.measure group by account_id;
create unique index sums_idx on side.sums (account_id);
create function side.double(n integer default 2) returns integer language sql as 'select n * 2';
create function side.body(n integer) returns bigint language sql
  begin atomic select count(*) from side.note where id > n; end;
create procedure side.nothing() language sql as '';
create aggregate side.product(integer) (sfunc = int4mul, stype = integer, initcond = '1');
create function side.stamp() returns trigger language plpgsql as 'begin return new; end';
create trigger stamp before update on side.note for each row execute function side.stamp();
create trigger stamp before insert on side.measure for each row execute function side.stamp();
alter table side.account enable row level security;
create policy own on side.account using (email = current_user and id in (select account_id from side.note));
create rule quiet as on delete to side.scratch do instead select x from side.scratch;
create statistics side.account_stats on email, code from side.account;
create collation side.plain (provider = libc, locale = 'C');
create publication partly for table side.note;
grant usage on schema side to ${READER};
grant all on side.account to ${READER};
grant select on side.richer to ${READER};
grant update (body), select (body) on side.note to ${READER};
grant usage on sequence side.counter to ${READER} with grant option;
revoke execute on function side.double(integer) from public;
grant execute on function side.double(integer) to ${READER};
create table alembic_version (version_num varchar(32) constraint alembic_version_pkc primary key);
create temporary table passing (id serial primary key);
`;

/** A server on which several databases are built, and everything is removed at the end. */
export class CatalogueBench {
  readonly server: PostgresAccess;
  readonly #open: pg.Client[] = [];
  readonly #databases: string[] = [];

  private constructor(server: PostgresAccess) {
    this.server = server;
  }

  /** @param server where the role isn't there yet. */
  static async on(server: PostgresAccess): Promise<CatalogueBench> {
    const bench = new CatalogueBench(server);
    const client = await bench.connect(server.connectionString());
    await client.query(`create role ${READER} login password 'reader'`);
    return bench;
  }

  async connect(connectionString: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    this.#open.push(client);
    return client;
  }

  /** An empty database, and a session in it. */
  async database(name: string): Promise<pg.Client> {
    const full = `${name}_${READER}`;
    this.#databases.push(full);
    return this.connect(await this.server.createDatabase(full));
  }

  /** A database with all that the tests compare. */
  async base(name: string): Promise<pg.Client> {
    const client = await this.database(name);
    await applyMigrations(client, { actor: { name: 'tests', toolVersion: '0' } });
    await client.query(fixture);
    return client;
  }

  async close(): Promise<void> {
    const [first, ...others] = this.#open;
    await Promise.all(others.map((client) => client.end()));
    for (const name of this.#databases) await this.server.dropDatabase(name);
    await first?.query(`drop role ${READER}`);
    await first?.end();
  }
}

/** Where a PostgreSQL 15 is, as Debian's package brings it. */
export const POSTGRES_15 = '/usr/lib/postgresql/15/bin';

/** Whether that is there; says so when it isn't. */
export function has15(): boolean {
  const found = existsSync(POSTGRES_15);
  if (!found) console.log(`Skipped: there is no PostgreSQL 15 in ${POSTGRES_15}.`);
  return found;
}
