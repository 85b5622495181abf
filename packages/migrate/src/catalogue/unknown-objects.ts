import { shownName } from './catalogue.ts';
import { type Kind, object } from './kind.ts';
import { keptSchema, madeAlone, ownObject, relations } from './scope.ts';

/** What is known of an object that Spire only names. */
export type UnknownAttributes = {
  /** Its text, as far as there is one that any version prints. */
  readonly definition: string | null;
  /** The text of it that holds a query, which each major version prints in its own way. */
  readonly query: string | null;
};

interface Row extends UnknownAttributes {
  /** Such as `trigger`. */
  readonly what: string;
  readonly schema: string | null;
  readonly name: string;
  readonly tableSchema: string | null;
  readonly table: string | null;
  readonly owner: string | null;
  readonly ref: string | null;
}

/** Object identifiers below are of those that every database has. */
const OWN = 16384;

const routines = `
  select case prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end as what,
    nspname::text as schema, format('%s(%s)', proname, pg_get_function_identity_arguments(p.oid)) as name,
    null as "tableSchema", null as "table", null as owner,
    format('routine %I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)) as ref,
    case prokind
      when 'a' then (
        select concat_ws(' ', aggtransfn::regproc, aggfinalfn::regproc, format_type(aggtranstype, null), agginitval)
        from pg_aggregate where aggfnoid = p.oid
      )
      else case when prosqlbody is null then pg_get_functiondef(p.oid) end
    end as definition,
    case when prosqlbody is not null then pg_get_functiondef(p.oid) end as query
  from pg_proc p join pg_namespace n on n.oid = pronamespace
  where ${keptSchema('nspname')} and ${madeAlone('pg_proc', 'p.oid')}`;

const onTables = `
  select 'trigger', null, tgname::text, schema, relname::text, ref, null,
    pg_get_triggerdef(t.oid) || case tgenabled
      when 'D' then ' (disabled)' when 'R' then ' (replica)' when 'A' then ' (always)' else '' end,
    null
  from relations join pg_trigger t on tgrelid = relations.oid
  where not tgisinternal and tgparentid = 0 and ${ownObject('pg_trigger', 't.oid')}
  union all
  select 'rule', null, rulename::text, schema, relname::text, ref, null,
    ev_enabled::text, pg_get_ruledef(w.oid)
  from relations join pg_rewrite w on ev_class = relations.oid where rulename <> '_RETURN'
  union all
  select 'policy', null, polname::text, schema, relname::text, ref, null,
    concat_ws(' ', case when polpermissive then 'permissive' else 'restrictive' end, polcmd,
      array(
        select role from (
          select case one when 0 then 'public' else pg_get_userbyid(one)::text end as role
          from unnest(polroles) as one
        ) roles order by role collate "C"
      ),
      case when not has_query then conditions end),
    case when has_query then conditions end
  from relations join pg_policy on polrelid = relations.oid
  cross join lateral concat_ws(' ', 'using ' || pg_get_expr(polqual, polrelid),
    'check ' || pg_get_expr(polwithcheck, polrelid)) as conditions
  cross join lateral (select conditions ~ 'SELECT') as look (has_query)
  union all
  select 'foreign table', schema, relname::text, null, null, null, ref,
    concat_ws(' ', (
      select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attname collate "C")
      from pg_attribute where attrelid = relations.oid and attnum > 0 and not attisdropped
    ), (select ftoptions::text from pg_foreign_table where ftrelid = relations.oid)), null
  from relations where relkind = 'f'
  union all
  select 'statistics object', n.nspname::text, stxname::text, null, null, ref, null,
    pg_get_statisticsobjdef(s.oid), null
  from relations join pg_statistic_ext s on stxrelid = relations.oid
  join pg_namespace n on n.oid = stxnamespace`;

/** Objects of a schema of which only the name is compared: sub-kind, catalogue, prefix, name. */
const named = (
  [
    [
      'operator',
      'pg_operator',
      'opr',
      "format('%s(%s,%s)', oprname, format_type(oprleft, null), format_type(oprright, null))",
      'true',
    ],
    [
      'operator class',
      'pg_opclass',
      'opc',
      "format('%s (%s)', opcname, (select amname from pg_am where oid = opcmethod))",
      'true',
    ],
    [
      'operator family',
      'pg_opfamily',
      'opf',
      "format('%s (%s)', opfname, (select amname from pg_am where oid = opfmethod))",
      'true',
    ],
    ['collation', 'pg_collation', 'coll', 'collname::text', 'true'],
    ['conversion', 'pg_conversion', 'con', 'conname::text', 'true'],
    ['text search configuration', 'pg_ts_config', 'cfg', 'cfgname::text', 'true'],
    ['text search dictionary', 'pg_ts_dict', 'dict', 'dictname::text', 'true'],
    ['text search parser', 'pg_ts_parser', 'prs', 'prsname::text', 'true'],
    ['text search template', 'pg_ts_template', 'tmpl', 'tmplname::text', 'true'],
    [
      'base type',
      'pg_type',
      'typ',
      'typname::text',
      "(typtype = 'p' or typtype = 'b' and typelem = 0)",
    ],
  ] as const
)
  .map(
    ([what, catalogue, prefix, name, condition]) => `
  select '${what}', nspname::text, ${name}, null, null, null, null, null, null
  from ${catalogue} one join pg_namespace n on n.oid = ${prefix}namespace
  where ${keptSchema('nspname')} and ${ownObject(catalogue, 'one.oid')} and ${condition}`,
  )
  .join('\n  union all');

const ofDatabase = `
  select 'extension', null, extname::text, null, null, null, null, null, null
  from pg_extension where extname <> 'plpgsql'
  union all
  select 'event trigger', null, evtname::text, null, null, null, null,
    concat_ws(' ', evtevent, evtfoid::regproc, evttags, evtenabled), null
  from pg_event_trigger e where ${ownObject('pg_event_trigger', 'e.oid')}
  union all
  select 'foreign-data wrapper', null, fdwname::text, null, null, null, null, null, null
  from pg_foreign_data_wrapper f where ${ownObject('pg_foreign_data_wrapper', 'f.oid')}
  union all
  select 'foreign server', null, srvname::text, null, null, null, null, fdwname::text, null
  from pg_foreign_server f join pg_foreign_data_wrapper w on w.oid = srvfdw
  where ${ownObject('pg_foreign_server', 'f.oid')}
  union all
  select 'publication', null, pubname::text, null, null, null, null,
    concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, array(
      select published from (
        select prrelid::regclass::text as published from pg_publication_rel where prpubid = p.oid
      ) tables order by published collate "C"
    )), null
  from pg_publication p
  union all
  select 'subscription', null, subname::text, null, null, null, null, null, null
  from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())
  union all
  select 'cast', null, format('%s as %s', format_type(castsource, null), format_type(casttarget, null)),
    null, null, null, null, concat_ws(' ', castfunc::regproc, castcontext, castmethod), null
  from pg_cast c where c.oid >= ${OWN} and ${madeAlone('pg_cast', 'c.oid')}
  union all
  select 'language', null, lanname::text, null, null, null, null, null, null
  from pg_language l where l.oid >= ${OWN} and ${ownObject('pg_language', 'l.oid')}
  union all
  select 'access method', null, amname::text, null, null, null, null, null, null
  from pg_am a where a.oid >= ${OWN} and ${ownObject('pg_am', 'a.oid')}
  union all
  select 'transform', null, format('of %s for %s', format_type(trftype, null), lanname),
    null, null, null, null, null, null
  from pg_transform t join pg_language l on l.oid = trflang
  where ${ownObject('pg_transform', 't.oid')}`;

/** What migrations could make, but Spire doesn't know how: it is named, and that it differs is said. */
export const unknownObjects: Kind<UnknownAttributes> = {
  async read(client) {
    const { rows } = await client.query(`
      with ${relations}
      select * from (${routines} union all ${onTables} union all ${named} union all ${ofDatabase}) every
      order by what, "tableSchema" collate "C", "table" collate "C", schema collate "C", name collate "C"`);
    return (rows as unknown as Row[]).map((row) => {
      const { what, schema, name, tableSchema, table, owner, definition, query } = row;
      const shown = schema === null ? name : shownName(schema, name);
      const shownTable =
        tableSchema === null || table === null ? undefined : shownName(tableSchema, table);
      const on = shownTable === undefined ? '' : ` on ${shownTable}`;
      return object('unknown', [what, schema, name, tableSchema, table], {
        name: shown,
        ...(shownTable === undefined ? {} : { table: shownTable }),
        ref: row.ref ?? `${what} ${shown}${on}`,
        quoted: `${what} ${shown}${on}`,
        ...(owner === null ? {} : { owner }),
        attributes: { definition, query },
      });
    });
  },
  describe: ({ quoted }) => quoted,
  create: () => [],
  drop: () => [],
  change: ({ quoted }) => ({ words: [`the ${quoted} isn't as it should be`], steps: [] }),
};
