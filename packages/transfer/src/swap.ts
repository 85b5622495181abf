import type { Client } from '@spire/migrate';
import { INCOMING } from './incoming.ts';

/** Where the tables are that were replaced, until they aren't kept any more. */
export const PREVIOUS = 'spire_previous';
/** Where the ledgers are that were replaced along with them. */
export const PREVIOUS_LEDGERS = 'spire_previous_ledgers';

/** What is set aside: the tables of `public`, or all that it has, and what Spire and drizzle noted of it. */
export type Replaced = 'tables' | 'everything';

/**
 * The incoming tables take the place of those in `public`, which are set aside. Call it in a transaction.
 *
 * @param complete what else makes the new tables; who might do what with the old ones may do so with them then.
 */
export async function swapIn(
  client: Client,
  replaced: Replaced,
  complete?: () => Promise<void>,
): Promise<void> {
  await client.query(`drop schema if exists ${PREVIOUS}, ${PREVIOUS_LEDGERS} cascade`);
  await client.query(`create schema ${PREVIOUS}; create schema ${PREVIOUS_LEDGERS}`);
  const grants = await grantsOf(client);
  await move(client, 'public', PREVIOUS, replaced, INCOMING);
  if (replaced === 'everything') {
    for (const schema of LEDGER_SCHEMAS) await moveLedgers(client, schema, PREVIOUS_LEDGERS);
  }
  await move(client, INCOMING, 'public', 'tables');
  await client.query(`drop schema if exists ${INCOMING}`);
  await complete?.();
  for (const { sql, name, column } of grants) {
    const { rows } = await client.query(
      `select to_regclass($1) is not null and ($2::text is null or exists (
         select from pg_attribute where attrelid = to_regclass($1) and attname = $2)) as found`,
      [name, column],
    );
    if (rows[0]?.found) await client.query(sql);
  }
}

/** What was set aside takes its place again; what is there now is gone. Call it in a transaction. */
export async function swapBack(client: Client, replaced: Replaced): Promise<void> {
  await client.query(`drop schema if exists ${INCOMING} cascade; create schema ${INCOMING}`);
  await move(client, 'public', INCOMING, replaced, PREVIOUS);
  await move(client, PREVIOUS, 'public', replaced);
  if (replaced === 'everything') {
    for (const schema of LEDGER_SCHEMAS) await moveLedgers(client, schema, INCOMING);
    await restoreLedgers(client);
  }
  await client.query(`drop schema ${INCOMING} cascade`);
  await client.query(`drop schema ${PREVIOUS}, ${PREVIOUS_LEDGERS}`);
}

const LEDGER_SCHEMAS = ['drizzle', 'spire'] as const;

/** What says of a database which one it is, and what was done to it, outlives its tables. */
const STAYS = ['environment', 'transfers'];

/** @param counterparts a schema: of tables, only those that have one of the same name there are moved. */
async function move(
  client: Client,
  from: string,
  to: string,
  replaced: Replaced,
  counterparts = from,
): Promise<void> {
  const { rows } =
    replaced === 'tables'
      ? await client.query(
          `select what from (${TABLES}) own where name in (
             select relname from pg_class where relnamespace = to_regnamespace($2))`,
          [from, counterparts],
        )
      : await client.query(EVERYTHING, [from]);
  for (const { what } of rows) await client.query(`alter ${what} set schema ${to}`);
}

async function moveLedgers(client: Client, from: string, to: string): Promise<void> {
  const { rows } = await client.query(TABLES, [from]);
  for (const { what, name } of rows) {
    if (from === 'spire' && STAYS.includes(String(name))) continue;
    await client.query(`alter ${what} set schema ${to}`);
  }
}

async function restoreLedgers(client: Client): Promise<void> {
  const { rows } = await client.query(TABLES, [PREVIOUS_LEDGERS]);
  for (const { what, name } of rows) {
    const schema = String(name).startsWith('__drizzle') ? 'drizzle' : 'spire';
    await client.query(`alter ${what} set schema ${schema}`);
  }
}

/** SQL: the plain tables of a schema. A table that Alembic notes things in isn't one to replace. */
const TABLES = `
  select relname as name, format('table %I.%I', nspname, relname) as what
  from pg_class c join pg_namespace n on n.oid = relnamespace
  where nspname = $1 and relkind = 'r' and (nspname, relname) <> ('public', 'alembic_version')
    and not exists (
      select from pg_depend
      where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')
  order by relname collate "C"`;

/** SQL: all that a schema has, but for what extensions brought and what moves along with something else. */
const EVERYTHING = `
  with own as (select oid, nspname from pg_namespace where nspname = $1)
  select format('%s %I.%I', case relkind when 'v' then 'view' when 'm' then 'materialized view'
      when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end, nspname, relname) as what
  from pg_class c join own on own.oid = relnamespace
  where relkind in ('r', 'p', 'v', 'm', 'S', 'f') and not exists (
    select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and refobjid <> c.oid
      and (deptype in ('e', 'i') or relkind = 'S' and deptype = 'a' and refclassid = 'pg_class'::regclass))
  union all
  select format('type %I.%I', nspname, typname)
  from pg_type t join own on own.oid = typnamespace
  where typtype in ('e', 'd', 'r', 'c') and (typrelid = 0
      or exists (select from pg_class where oid = typrelid and relkind = 'c'))
    and not exists (select from pg_depend where classid = 'pg_type'::regclass and objid = t.oid and deptype in ('e', 'i'))
  union all
  select format('routine %s', oid::regprocedure)
  from (
    select p.oid from pg_proc p join own on own.oid = pronamespace
    where not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype in ('e', 'i'))
  ) routines`;

/** Who may do what with the tables, their columns and the sequences of `public` and of the ledgers, as SQL. */
async function grantsOf(client: Client) {
  const { rows } = await client.query(`
    select format('%I.%I', nspname, relname) as name, attname as column,
      format('grant %s%s on %s %I.%I to %s%s', privilege_type, coalesce(' (' || quote_ident(attname) || ')', ''),
        case relkind when 'S' then 'sequence' else 'table' end, nspname, relname,
        case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
        case when is_grantable then ' with grant option' else '' end) as sql
    from (
      select relnamespace, relname, relkind, relowner, null as attname, relacl as acl from pg_class
      union all
      select relnamespace, relname, relkind, relowner, attname, attacl
      from pg_attribute join pg_class c on c.oid = attrelid where attacl is not null and not attisdropped
    ) granted join pg_namespace n on n.oid = relnamespace, aclexplode(acl)
    where nspname in ('public', 'drizzle', 'spire') and relkind in ('r', 'S') and grantee <> relowner
      and (nspname, relname) <> ('public', 'alembic_version')
    order by 1, 3`);
  return rows as { name: string; column: string | null; sql: string }[];
}
