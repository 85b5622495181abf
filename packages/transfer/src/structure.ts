import { TransferError } from './errors.ts';
import type { Session } from './session.ts';

/** A column, with what makes it. Texts for SQL are quoted where that is needed. */
export interface Column {
  readonly name: string;
  readonly quoted: string;
  /** Such as `character varying(100)`. */
  readonly type: string;
  /** Whether Postgres works its values out, so that they aren't copied. */
  readonly generated: boolean;
  /** Whether a sequence gives its values. */
  readonly counted: boolean;
  /** What makes it, such as `name text not null`. */
  readonly sql: string;
}

/** A sequence that belongs to a column, as `serial` makes it. */
export interface OwnedSequence {
  readonly quoted: string;
  /** Of the column. */
  readonly column: string;
  readonly sql: string;
}

/** A constraint but for `not null`. */
export interface Constraint {
  readonly quoted: string;
  readonly kind: 'check' | 'key' | 'foreign key';
  /** What makes the index that `sql` makes a key of; null where it makes its own. */
  readonly index: string | null;
  readonly sql: string;
}

/** A plain table, and all that makes it anew in another schema. Its SQL names no schema. */
export interface TableStructure {
  readonly name: string;
  readonly quoted: string;
  readonly columns: readonly Column[];
  readonly sequences: readonly OwnedSequence[];
  readonly constraints: readonly Constraint[];
  /** `create index ...`, but for those of constraints. */
  readonly indexes: readonly string[];
  /** `comment on ...`, of the table and its columns. */
  readonly comments: readonly string[];
  /** What it takes on disk without its indexes. */
  readonly bytes: number;
  /** How many rows it has, as Postgres last counted; -1 when it never did. */
  readonly rows: number;
}

/**
 * Reads the tables of a Postgres schema, but Alembic's own. Afterwards the session looks there alone.
 *
 * @param schema a plain name. Default: `public`.
 * @throws TransferError `TABLE_UNSUPPORTED` for what would be lost on the way, such as a trigger.
 * @example
 * const tables = await readStructure(session);
 */
export async function readStructure(
  session: Session,
  schema = 'public',
): Promise<TableStructure[]> {
  // What is visible is printed without its schema.
  await session.query(`set search_path to ${schema}`);
  const { rows: unknown } = await session.query(UNSUPPORTED, [schema]);
  if (unknown.length > 0) {
    throw new TransferError(
      'TABLE_UNSUPPORTED',
      `What Spire copies are plain tables, and this database has ${unknown.map(({ found }) => found).join(', ')}.`,
      { suggestions: ['Compare it with the migrations: spire migrate drift'] },
    );
  }
  const { rows } = await session.query(TABLES, [schema]);
  return rows.map(({ bytes, rows: count, ...table }) => ({
    ...(table as Omit<TableStructure, 'bytes' | 'rows'>),
    bytes: Number(bytes),
    rows: Number(count),
  }));
}

/** SQL: the tables that are copied. */
const COPIED = `c.relnamespace = to_regnamespace($1) and c.relname <> 'alembic_version'`;

const UNSUPPORTED = `
  select case relkind when 'p' then 'the partitioned table ' when 'f' then 'the foreign table '
    else case when relpersistence = 'u' then 'the unlogged table ' else 'inheritance of ' end
  end || relname as found
  from pg_class c
  where ${COPIED} and (relkind in ('p', 'f') or relkind = 'r' and (
    relpersistence <> 'p' or exists (select from pg_inherits where c.oid in (inhrelid, inhparent))))
  union all
  select format('the trigger %s of %s', tgname, relname)
  from pg_trigger join pg_class c on c.oid = tgrelid where ${COPIED} and not tgisinternal
  union all
  select format('the policy %s of %s', polname, relname)
  from pg_policy join pg_class c on c.oid = polrelid where ${COPIED}
  union all
  select pg_describe_object(refclassid, refobjid, 0)
  from pg_depend d
  where classid in ('pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass)
    and case classid
      when 'pg_attrdef'::regclass then (select adrelid from pg_attrdef where oid = objid)
      when 'pg_constraint'::regclass then (select conrelid from pg_constraint where oid = objid)
      else coalesce((select indrelid from pg_index where indexrelid = objid), objid) end
      in (select oid from pg_class c where ${COPIED} and relkind = 'r')
    and (refclassid = 'pg_type'::regclass and exists (
        select from pg_type where oid = refobjid and typnamespace = 'public'::regnamespace)
      or refclassid = 'pg_proc'::regclass and exists (
        select from pg_proc where oid = refobjid and pronamespace = 'public'::regnamespace)
      or refclassid = 'pg_class'::regclass and classid = 'pg_attrdef'::regclass and exists (
        select from pg_class where oid = refobjid and relkind = 'S')
        and not exists (select from pg_depend o where o.classid = 'pg_class'::regclass
          and o.objid = d.refobjid and o.refclassid = 'pg_class'::regclass and o.deptype in ('a', 'i')))
    and not exists (select from pg_depend e where e.classid = d.refclassid and e.objid = d.refobjid
      and e.deptype = 'e')
  union all
  select format('the row security of %s', relname)
  from pg_class c where ${COPIED} and relkind = 'r' and relrowsecurity
  union all
  select format('the rule %s of %s', rulename, relname)
  from pg_rewrite join pg_class c on c.oid = ev_class where ${COPIED} and relkind = 'r'
  order by 1`;

/** SQL: how a sequence of `pg_sequence` counts. */
const COUNTS = `format('increment %s minvalue %s maxvalue %s start %s cache %s%s',
  seqincrement, seqmin, seqmax, seqstart, seqcache, case when seqcycle then ' cycle' end)`;

/** Lists are ordered, so that the same tables are the same text. */
const TABLES = `
  select c.relname as name, quote_ident(c.relname) as quoted,
    pg_table_size(c.oid) as bytes, c.reltuples::bigint as rows,
    coalesce((
      select json_agg(json_build_object(
        'name', attname, 'quoted', quote_ident(attname),
        'type', format_type(atttypid, atttypmod), 'generated', attgenerated <> '',
        'counted', pg_get_serial_sequence(quote_ident(c.relname), attname) is not null,
        'sql', concat_ws(' ', quote_ident(attname), format_type(atttypid, atttypmod),
          case when attcollation <> typcollation then
            (select format('collate %I.%I', n.nspname, collname) from pg_collation k
             join pg_namespace n on n.oid = collnamespace where k.oid = attcollation) end,
          case
            when attgenerated = 's' then format('generated always as (%s) stored', pg_get_expr(adbin, adrelid))
            when attgenerated = 'v' then format('generated always as (%s) virtual', pg_get_expr(adbin, adrelid))
            when attidentity <> '' then format('generated %s as identity (%s)',
              case attidentity when 'a' then 'always' else 'by default' end,
              (select ${COUNTS} from pg_depend d join pg_sequence on seqrelid = d.objid
               where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
                 and d.refobjid = c.oid and d.refobjsubid = attnum and d.deptype = 'i'))
            when adbin is not null then 'default ' || pg_get_expr(adbin, adrelid) end,
          case when attnotnull then 'not null' end)
        ) order by attnum)
      from pg_attribute a join pg_type t on t.oid = atttypid
      left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid = c.oid and attnum > 0 and not attisdropped), '[]') as columns,
    coalesce((
      select json_agg(json_build_object(
        'quoted', quote_ident(s.relname), 'column', quote_ident(attname),
        'sql', format('create sequence %I as %s %s', s.relname, format_type(seqtypid, null), ${COUNTS})
        ) order by s.relname collate "C")
      from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
      join pg_sequence on seqrelid = s.oid
      join pg_attribute on attrelid = d.refobjid and attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
        and d.refobjid = c.oid and d.deptype = 'a'), '[]') as sequences,
    coalesce((
      select json_agg(json_build_object(
        'quoted', quote_ident(conname),
        'kind', case contype when 'c' then 'check' when 'f' then 'foreign key' else 'key' end,
        'index', case when contype in ('p', 'u') then pg_get_indexdef(conindid, 0, true) end,
        'sql', case when contype in ('p', 'u')
          then concat_ws(' ', case contype when 'p' then 'primary key' else 'unique' end,
            'using index', quote_ident(conname),
            case when condeferrable then 'deferrable' end,
            case when condeferred then 'initially deferred' end)
          else pg_get_constraintdef(oid, true) end
        ) order by conname collate "C")
      from pg_constraint where conrelid = c.oid and contype in ('c', 'f', 'p', 'u', 'x')), '[]') as constraints,
    coalesce((
      select json_agg(pg_get_indexdef(indexrelid, 0, true) order by pg_get_indexdef(indexrelid, 0, true) collate "C")
      from pg_index where indrelid = c.oid and indisvalid
        and not exists (select from pg_constraint where conindid = indexrelid and contype <> 'f')), '[]') as indexes,
    coalesce((
      select json_agg(format('comment on %s is %L', case objsubid when 0
          then format('table %I', c.relname) else format('column %I.%I', c.relname, attname) end, description)
        order by objsubid)
      from pg_description left join pg_attribute on attrelid = objoid and attnum = objsubid and objsubid > 0
      where classoid = 'pg_class'::regclass and objoid = c.oid), '[]') as comments
  from pg_class c
  where ${COPIED} and c.relkind = 'r'
  order by c.relname collate "C"`;
