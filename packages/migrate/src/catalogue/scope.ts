/** SQL: a schema whose objects are compared. */
export const keptSchema = (name: string): string =>
  `(${name} !~ '^pg_' and ${name} not in ('information_schema', 'spire', 'drizzle'))`;

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
