import { shownName } from './catalogue.ts';
import { type Step, step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { keptSchema, ownObject } from './scope.ts';
import { fitsInto } from './type-width.ts';

/** A column of a composite type, or a check of a domain: its name as SQL writes it, and the rest. */
interface Member {
  readonly name: string;
  readonly definition: string;
}

/** What is compared of a type. What its variety doesn't have is null or empty. */
export type TypeAttributes = {
  readonly variety: 'enum' | 'domain' | 'composite' | 'range';
  /** Those of an enum, in their order. */
  readonly labels: readonly string[];
  /** What a domain is made of, with its collation. */
  readonly base: string | null;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly checks: readonly Member[];
  readonly columns: readonly Member[];
  /** What stands between the parentheses of `create type ... as range`. */
  readonly range: string | null;
};

interface Row extends TypeAttributes {
  readonly schema: string;
  readonly name: string;
  readonly ref: string;
  readonly quoted: string;
  readonly uses: readonly string[];
}

const collate = (collation: string, type: string) => `coalesce((
    select format(' collate %I.%I', n.nspname, collname)
    from pg_collation k join pg_namespace n on n.oid = collnamespace
    where k.oid = ${collation}
      and k.oid <> (select typcollation from pg_type of where of.oid = ${type})
  ), '')`;

/** Enums, domains, composite types and ranges. */
export const types: Kind<TypeAttributes> = {
  async read(client) {
    const { rows } = await client.query(`
      select n.nspname::text as schema, typname::text as name, quote_ident(typname) as quoted,
        format('%I.%I', n.nspname, typname) as ref,
        case typtype
          when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite' else 'range'
        end as variety,
        array(
          select enumlabel::text from pg_enum where enumtypid = t.oid order by enumsortorder
        ) as labels,
        case typtype when 'd' then
          format_type(typbasetype, typtypmod) || ${collate('t.typcollation', 't.typbasetype')}
        end as base,
        typtype = 'd' and typnotnull as "notNull",
        case typtype when 'd' then pg_get_expr(typdefaultbin, 0) end as "default",
        coalesce((
          select json_agg(json_build_object(
            'name', quote_ident(conname), 'definition', pg_get_constraintdef(k.oid)
          ) order by conname collate "C")
          from pg_constraint k where contypid = t.oid and contype = 'c'
        ), '[]') as checks,
        coalesce((
          select json_agg(json_build_object(
            'name', quote_ident(attname), 'definition',
            format_type(atttypid, atttypmod) || ${collate('attcollation', 'atttypid')}
          ) order by attname collate "C")
          from pg_attribute where typtype = 'c' and attrelid = typrelid and attnum > 0 and not attisdropped
        ), '[]') as columns,
        (
          select concat_ws(', ', 'subtype = ' || format_type(rngsubtype, null),
            (
              select format('subtype_opclass = %I.%I', on_.nspname, opcname)
              from pg_opclass o join pg_namespace on_ on on_.oid = opcnamespace
              where o.oid = rngsubopc and not opcdefault
            ),
            (
              select format('collation = %I.%I', kn.nspname, collname)
              from pg_collation k join pg_namespace kn on kn.oid = collnamespace
              where k.oid = rngcollation and k.oid <> (
                select typcollation from pg_type of where of.oid = rngsubtype
              )
            ),
            case when rngcanonical <> 0 then 'canonical = ' || rngcanonical::regproc end,
            case when rngsubdiff <> 0 then 'subtype_diff = ' || rngsubdiff::regproc end,
            'multirange_type_name = ' || (select quote_ident(typname) from pg_type m where m.oid = rngmultitypid)
          ) from pg_range where rngtypid = t.oid
        ) as range,
        array(
          select distinct format('%I.%I', un.nspname, u.typname)
          from pg_depend
          join pg_type u on refobjid in (u.oid, u.typarray)
          join pg_namespace un on un.oid = u.typnamespace
          where refclassid = 'pg_type'::regclass and u.oid <> t.oid and un.nspname <> 'pg_catalog' and (
            classid = 'pg_type'::regclass and objid = t.oid
            or classid = 'pg_class'::regclass and t.typrelid <> 0 and objid = t.typrelid
          )
        ) as uses
      from pg_type t join pg_namespace n on n.oid = typnamespace
      where ${keptSchema('n.nspname')} and ${ownObject('pg_type', 't.oid')}
        and (typtype in ('e', 'd', 'r')
          or typtype = 'c' and (select relkind from pg_class c where c.oid = typrelid) = 'c')
      order by n.nspname collate "C", typname collate "C"`);
    return (rows as unknown as Row[]).map(({ schema, name, ref, quoted, uses, ...attributes }) =>
      object('type', [schema, name], {
        name: shownName(schema, name),
        ref,
        quoted,
        uses,
        attributes,
      }),
    );
  },
  describe: ({ name, attributes }) => `${attributes.variety} type ${name}`,
  create({ ref, level, attributes }) {
    const { variety, labels, base, notNull, checks, range } = attributes;
    const parts = {
      enum: `type ${ref} as enum (${labels.map(literal).join(', ')})`,
      composite: `type ${ref} as (${attributes.columns.map(written).join(', ')})`,
      range: `type ${ref} as range (${range})`,
      domain: [
        `domain ${ref} as ${base}`,
        attributes.default === null ? '' : `default ${attributes.default}`,
        notNull ? 'not null' : '',
        ...checks.map((check) => `constraint ${written(check)}`),
      ]
        .filter(Boolean)
        .join(' '),
    };
    return [step('type', `create ${parts[variety]}`, { level })];
  },
  drop: ({ ref, level, attributes: { variety } }) => [
    step('drop type', `drop ${variety === 'domain' ? variety : 'type'} ${ref}`, { level }),
  ],
  change({ ref, name, level, attributes: want }, { attributes: is }, differs) {
    const words: string[] = [];
    const statements: (string | undefined)[] = [];
    let losesData = false;
    const say = (one: unknown, other: unknown) =>
      words.push(`type ${name} is ${one}, and should be ${other}`);
    if (differs('variety'))
      return {
        words: [`type ${name} is of the variety ${is.variety}, and should be of ${want.variety}`],
        steps: [],
      };
    if (differs('labels')) {
      say(`enum (${is.labels.join(', ')})`, `enum (${want.labels.join(', ')})`);
      statements.push(...addLabels(ref, want.labels, is.labels));
    }
    if (differs('base')) {
      say(`a domain of ${is.base}`, `of ${want.base}`);
      statements.push(undefined);
    }
    if (differs('range')) {
      say(`a range (${is.range})`, `(${want.range})`);
      statements.push(undefined);
    }
    if (differs('notNull')) {
      say(is.notNull ? 'not null' : 'nullable', want.notNull ? 'not null' : 'nullable');
      statements.push(`alter domain ${ref} ${want.notNull ? 'set' : 'drop'} not null`);
    }
    if (differs('default')) {
      words.push(
        `type ${name} has the default ${is.default ?? 'of nothing'}, and should have ${want.default ?? 'none'}`,
      );
      statements.push(
        `alter domain ${ref} ${want.default === null ? 'drop default' : `set default ${want.default}`}`,
      );
    }
    const lists = (members: readonly Member[]) => members.map(written).join(', ') || 'nothing';
    if (differs('checks')) {
      words.push(`type ${name} checks ${lists(is.checks)}, and should check ${lists(want.checks)}`);
      const { added, removed } = split(want.checks, is.checks);
      statements.push(
        ...removed.map((check) => `alter domain ${ref} drop constraint ${check.name}`),
        ...added.map((check) => `alter domain ${ref} add constraint ${written(check)}`),
      );
    }
    if (differs('columns')) {
      words.push(`type ${name} has ${lists(is.columns)}, and should have ${lists(want.columns)}`);
      const { added, removed } = split(want.columns, is.columns);
      for (const { name: column, definition } of added) {
        const before = removed.find((one) => one.name === column);
        statements.push(
          before
            ? `alter type ${ref} alter attribute ${column} type ${definition}`
            : `alter type ${ref} add attribute ${column} ${definition}`,
        );
        if (before && !fitsInto(before.definition, definition)) losesData = true;
      }
      for (const { name: column } of removed) {
        if (added.some((one) => one.name === column)) continue;
        statements.push(`alter type ${ref} drop attribute ${column}`);
        losesData = true;
      }
    }
    // Half of a type's change would leave it as neither.
    const known = statements.filter((sql) => sql !== undefined);
    const steps: Step[] =
      known.length < statements.length
        ? []
        : known.map((sql) => step('type', sql, { level, losesData }));
    return { words, steps };
  },
};

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const written = ({ name, definition }: Member) => `${name} ${definition}`;

function split(want: readonly Member[], is: readonly Member[]) {
  const lacks = (members: readonly Member[]) => (one: Member) =>
    !members.some((other) => written(other) === written(one));
  return { added: want.filter(lacks(is)), removed: is.filter(lacks(want)) };
}

/** Labels can be added anywhere, but neither removed nor moved: undefined then. */
function addLabels(
  ref: string,
  want: readonly string[],
  is: readonly string[],
): (string | undefined)[] {
  const kept = want.filter((label) => is.includes(label));
  if (kept.join('\0') !== is.join('\0')) return [undefined];
  return want.flatMap((label, index) => {
    if (is.includes(label)) return [];
    const before = want[index - 1];
    const after = is[0];
    const place =
      before !== undefined
        ? ` after ${literal(before)}`
        : after !== undefined
          ? ` before ${literal(after)}`
          : '';
    return [`alter type ${ref} add value ${literal(label)}${place}`];
  });
}
