import { type CatalogueObject, shownName } from './catalogue.ts';
import { step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { relations } from './scope.ts';
import { sequenceOptions } from './sequence-options.ts';
import { fitsInto } from './type-width.ts';

/** What is compared of a column. */
export type ColumnAttributes = {
  readonly type: string;
  readonly nullability: 'not null' | 'nullable' | 'not null, but not validated';
  readonly default: string | null;
  readonly identity: 'always' | 'by default' | null;
  /** The options of an identity's sequence, as SQL writes them. */
  readonly sequence: readonly string[] | null;
  readonly generated: 'stored' | 'virtual' | null;
  readonly expression: string | null;
  /** Null: the type's own. */
  readonly collation: string | null;
};

interface Row extends ColumnAttributes {
  readonly schema: string;
  readonly table: string;
  readonly owner: string;
  readonly name: string;
  readonly quoted: string;
  readonly inherited: boolean;
}

/** The columns of tables. Those of views are in their definitions. */
export const columns: Kind<ColumnAttributes> = {
  async read(client) {
    const { rows } = await client.query(`
      with ${relations}
      select schema, relname::text as "table", ref as owner, attname::text as name,
        quote_ident(attname) as quoted, attinhcount > 0 as inherited,
        format_type(atttypid, atttypmod) as type,
        case
          when not attnotnull then 'nullable'
          when exists (
            select from pg_constraint
            where conrelid = attrelid and contype = 'n' and conkey = array[attnum]
              and not convalidated
          ) then 'not null, but not validated'
          else 'not null'
        end as nullability,
        case attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
        case when attidentity <> '' then (
          select ${sequenceOptions} from pg_depend join pg_sequence on seqrelid = objid
          where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass
            and refobjid = attrelid and refobjsubid = attnum and deptype = 'i'
        ) end as sequence,
        case attgenerated when 's' then 'stored' when 'v' then 'virtual' end as generated,
        case attgenerated when '' then pg_get_expr(adbin, adrelid) end as "default",
        case when attgenerated <> '' then pg_get_expr(adbin, adrelid) end as expression,
        case when attcollation <> typcollation then (
          select format('%I.%I', nspname, collname)
          from pg_collation k join pg_namespace n on n.oid = collnamespace
          where k.oid = attcollation
        ) end as collation
      from relations
      join pg_attribute on attrelid = relations.oid
      join pg_type on pg_type.oid = atttypid
      left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where relkind in ('r', 'p') and attnum > 0 and not attisdropped
      order by schema collate "C", relname collate "C", attnum`);
    return (rows as unknown as Row[]).map(
      ({ schema, table, owner, name, quoted, inherited, ...attributes }) =>
        object('column', [schema, table, name], {
          name,
          table: shownName(schema, table),
          ref: `${owner}.${quoted}`,
          quoted,
          owner,
          inherited,
          // A generated column is made after those it is made from, and dropped before them.
          level: attributes.generated === null ? 0 : 1,
          attributes,
        }),
    );
  },
  describe: ({ name, table, attributes }) => `column ${table}.${name} (${attributes.type})`,
  create: (column) => [
    step('column', `alter table ${column.owner} add column ${columnClause(column)}`, column),
  ],
  drop: ({ owner, quoted, level }) => [
    step('drop column', `alter table ${owner} drop column ${quoted}`, { level, losesData: true }),
  ],
  change(expected, actual, differs, major) {
    const [want, is] = [expected.attributes, actual.attributes];
    const retyped = differs('type') || differs('collation');
    const remade = isRemade(want, is, differs, major, retyped);
    return {
      words: wordsOfChange(want, is, differs).map(
        (words) => `${expected.table}.${expected.name} ${words}`,
      ),
      steps: remade
        ? [...columns.drop(actual), ...columns.create(expected, [], major)]
        : alterations(want, is, differs, expected.quoted).map(({ sql, losesData = false }) =>
            step('column', `alter table ${expected.owner} alter column ${expected.quoted} ${sql}`, {
              losesData,
            }),
          ),
      disturbs: remade || retyped ? [actual.ref] : [],
      ...(remade ? { remakes: actual.ref } : {}),
    };
  },
};

type Differs = (attribute: keyof ColumnAttributes) => boolean;

/** Some changes of how a column is generated can only be made by a new column. */
function isRemade(
  want: ColumnAttributes,
  is: ColumnAttributes,
  differs: Differs,
  major: number,
  retyped: boolean,
): boolean {
  if (want.generated === null) return is.generated === 'virtual';
  if (differs('generated')) return true;
  return differs('expression') && (major < 17 || retyped);
}

function wordsOfChange(want: ColumnAttributes, is: ColumnAttributes, differs: Differs): string[] {
  const words: string[] = [];
  const say = (one: string, other: string) => words.push(`is ${one}, and should be ${other}`);
  if (differs('type')) say(is.type, want.type);
  if (differs('collation')) say(collated(is), collated(want));
  if (differs('nullability')) say(is.nullability, want.nullability);
  if (differs('default')) {
    const has = (one: string | null) => (one === null ? 'no default' : `the default ${one}`);
    words.push(`has ${has(is.default)}, and should have ${has(want.default)}`);
  }
  if (differs('identity')) say(identified(is), identified(want));
  else if (differs('sequence')) {
    words.push(
      `counts with ${is.sequence?.join(' ')}, and should with ${want.sequence?.join(' ')}`,
    );
  }
  if (differs('generated') || differs('expression')) say(computed(is), computed(want));
  return words;
}

/** What follows `alter column x`, in an order in which each works. */
function alterations(
  want: ColumnAttributes,
  is: ColumnAttributes,
  differs: Differs,
  quoted: string,
): { sql: string; losesData?: boolean }[] {
  const found: { sql: string; losesData?: boolean }[] = [];
  const alter = (sql: string) => found.push({ sql });
  const retyped = differs('type') || differs('collation');
  if (is.generated !== null && want.generated === null) alter('drop expression');
  else if (differs('expression')) alter(`set expression as (${want.expression})`);
  if (is.identity !== null && want.identity === null) alter('drop identity');
  if (is.default !== null && (want.default === null || differs('type'))) alter('drop default');
  if (retyped) {
    const collate = want.collation === null ? '' : ` collate ${want.collation}`;
    const using = want.generated === null ? ` using ${quoted}::${want.type}` : '';
    found.push({
      sql: `type ${want.type}${collate}${using}`,
      losesData: !fitsInto(is.type, want.type),
    });
  }
  if (differs('nullability')) {
    alter(want.nullability === 'nullable' ? 'drop not null' : 'set not null');
  }
  if (want.default !== null && (differs('default') || differs('type'))) {
    alter(`set default ${want.default}`);
  }
  if (want.identity !== null && is.identity === null) {
    alter(`add generated ${want.identity} as identity (${want.sequence?.join(' ')})`);
  } else if (want.identity !== null && differs('identity')) {
    alter(`set generated ${want.identity}`);
  }
  if (is.sequence !== null && want.sequence !== null && differs('sequence')) {
    const was = is.sequence;
    const changed = want.sequence.filter((option) => !was.includes(option));
    alter(changed.map((option) => `set ${option}`).join(' '));
  }
  return found;
}

/** A column as `create table` and `add column` write it. */
export function columnClause({ quoted, attributes }: CatalogueObject<ColumnAttributes>): string {
  const { type, collation, nullability, identity, sequence, generated, expression } = attributes;
  const clauses = [
    `${quoted} ${type}`,
    collation === null ? '' : `collate ${collation}`,
    identity === null ? '' : `generated ${identity} as identity (${sequence?.join(' ')})`,
    generated === null ? '' : `generated always as (${expression}) ${generated}`,
    attributes.default === null ? '' : `default ${attributes.default}`,
    nullability === 'nullable' ? '' : 'not null',
  ];
  return clauses.filter(Boolean).join(' ');
}

const collated = ({ collation }: ColumnAttributes) =>
  collation === null ? "in its type's own collation" : `in the collation ${collation}`;

const identified = ({ identity }: ColumnAttributes) =>
  identity === null ? 'no identity' : `an identity, generated ${identity}`;

const computed = ({ generated, expression }: ColumnAttributes) =>
  generated === null ? 'not generated' : `generated (${generated}) as ${expression}`;
