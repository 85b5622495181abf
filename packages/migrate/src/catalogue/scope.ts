/** SQL: a schema whose objects are compared. */
export const keptSchema = (name: string): string =>
  `(${name} !~ '^(pg_|spire$|spire_(incoming|previous)|drizzle$)' and ${name} <> 'information_schema')`;

/** SQL: an object that no extension brought. */
export const ownObject = (catalogue: string, oid: string): string =>
  `not exists (
    select from pg_depend brought
    where brought.classid = '${catalogue}'::regclass and brought.objid = ${oid}
      and brought.deptype = 'e'
  )`;

/** SQL: an object that neither an extension nor another object brought, such as a range's functions. */
export const madeAlone = (catalogue: string, oid: string): string =>
  `not exists (
    select from pg_depend brought
    where brought.classid = '${catalogue}'::regclass and brought.objid = ${oid}
      and brought.deptype in ('e', 'i')
  )`;

/** SQL: a common table expression of the tables, views and sequences that are compared. */
export const relations = `relations as materialized (
  select c.*, n.nspname::text as schema, format('%I.%I', n.nspname, c.relname) as ref
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${keptSchema('n.nspname')} and ${ownObject('pg_class', 'c.oid')}
    and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relpersistence <> 't'
    and (n.nspname, c.relname) <> ('public', 'alembic_version')
)`;

/** SQL: the `ref` of each column of a table that an object depends on. */
export const coveredColumns = (catalogue: string, oid: string, table: string): string =>
  `array(
    select distinct format('%I.%I.%I', tn.nspname, tc.relname, attname)
    from pg_depend
    join pg_attribute on attrelid = refobjid and attnum = refobjsubid and attnum > 0
    join pg_class tc on tc.oid = refobjid
    join pg_namespace tn on tn.oid = tc.relnamespace
    where classid = '${catalogue}'::regclass and objid = ${oid}
      and refclassid = 'pg_class'::regclass and refobjid = ${table}
  )`;
