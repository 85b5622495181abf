import type pg from 'pg';

/** What Postgres says about a table, one line a thing. */
export interface TableCatalogue {
  /** `name type [not null] [default ...]`, in the table's order. */
  columns: string[];
  /** `name definition`, by name. */
  constraints: string[];
  /** `name definition` of the indexes that no constraint owns, by name. */
  indexes: string[];
}

/** Reads the catalogue of all tables in `public`. */
export async function readCatalogue(client: pg.Client): Promise<Record<string, TableCatalogue>> {
  const { rows } = await client.query<{ table: string } & TableCatalogue>(`
    select relname as table,
      array(
        select concat_ws(' ', attname, format_type(atttypid, atttypmod),
          case when attnotnull then 'not null' end,
          'default ' || pg_get_expr(adbin, adrelid))
        from pg_attribute
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = pg_class.oid and attnum > 0 and not attisdropped
        order by attnum
      ) as columns,
      array(
        select conname || ' ' || pg_get_constraintdef(oid)
        from pg_constraint
        -- PostgreSQL 18 lists what is not null here too; the columns say so already.
        where conrelid = pg_class.oid and contype <> 'n'
        order by conname collate "C"
      ) as constraints,
      array(
        select indexname || ' ' || substring(indexdef from ' ON public\\.(.*)$')
        from pg_indexes
        where tablename = relname and schemaname = 'public'
          and not exists (
            select from pg_constraint where conrelid = pg_class.oid and conname = indexname
          )
        order by indexname collate "C"
      ) as indexes
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    order by relname collate "C"`);
  return Object.fromEntries(rows.map(({ table, ...catalogue }) => [table, catalogue]));
}
