import { type CatalogueObject, shownName } from './catalogue.ts';
import { type Step, step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { coveredColumns, relations } from './scope.ts';

/** What is compared of a constraint. */
export type ConstraintAttributes = {
  readonly type: 'check' | 'foreign key' | 'primary key' | 'unique' | 'exclusion';
  /** As `add constraint` takes it. */
  readonly definition: string;
  /** The `ref` of its index when that is invalid, which Postgres doesn't use then. */
  readonly brokenIndex: string | null;
};

interface Row extends ConstraintAttributes {
  readonly schema: string;
  readonly table: string;
  readonly owner: string;
  readonly name: string;
  readonly quoted: string;
  readonly inherited: boolean;
  /** The `ref` of the constraint that a foreign key stands on. */
  readonly target: string | null;
  readonly covers: readonly string[];
}

/** Constraints of tables. What is not null is said by the column. */
export const constraints: Kind<ConstraintAttributes> = {
  async read(client) {
    const { rows } = await client.query(`
      with ${relations}
      select schema, relname::text as "table", ref as owner, conname::text as name,
        quote_ident(conname) as quoted,
        conparentid <> 0 or coninhcount > 0 as inherited,
        case contype
          when 'c' then 'check' when 'f' then 'foreign key' when 'p' then 'primary key'
          when 'u' then 'unique' else 'exclusion'
        end as type,
        pg_get_constraintdef(k.oid) as definition,
        case when contype <> 'f' and not indisvalid then
          (select format('%I.%I', schema, i.relname) from pg_class i where i.oid = conindid)
        end as "brokenIndex",
        case contype when 'f' then (
          select format('constraint %I.%I.%I', n.nspname, t.relname, i.relname)
          from pg_class i join pg_class t on t.oid = confrelid
          join pg_namespace n on n.oid = t.relnamespace
          where i.oid = conindid
        ) end as target,
        ${coveredColumns('pg_constraint', 'k.oid', 'conrelid')} as covers
      from relations
      join pg_constraint k on conrelid = relations.oid
      left join pg_index on indexrelid = conindid
      where relkind in ('r', 'p') and contype in ('c', 'f', 'p', 'u', 'x')
      order by schema collate "C", relname collate "C", conname collate "C"`);
    return (rows as unknown as Row[]).map(
      ({ schema, table, owner, name, quoted, inherited, target, covers, ...attributes }) =>
        object('constraint', [schema, table, name], {
          name,
          table: shownName(schema, table),
          // A column may have the same name.
          ref: `constraint ${owner}.${quoted}`,
          quoted,
          owner,
          inherited,
          uses: target === null ? [] : [target],
          covers,
          attributes,
        }),
    );
  },
  describe: ({ name, table, attributes }) => `${attributes.type} constraint ${name} on ${table}`,
  create: ({ owner, quoted, attributes: { type, definition } }) => [
    step(
      type === 'foreign key' ? type : 'constraint',
      `alter table ${owner} add constraint ${quoted} ${definition}`,
    ),
  ],
  drop: ({ owner, quoted, attributes: { type } }) => [
    step(
      type === 'foreign key' ? 'drop foreign key' : 'drop constraint',
      `alter table ${owner} drop constraint ${quoted}`,
    ),
  ],
  change(expected, actual, differs, major) {
    const words: string[] = [];
    const steps: Step[] = [];
    const [want, is] = [expected.attributes, actual.attributes];
    const what = `constraint ${expected.name} on ${expected.table}`;
    if (differs('definition') || differs('type')) {
      words.push(`${what} is ${is.definition}, and should be ${want.definition}`);
      steps.push(
        ...(`${want.definition} NOT VALID` === is.definition
          ? [validation(expected)]
          : [...constraints.drop(actual), ...constraints.create(expected, [], major)]),
      );
    }
    if (differs('brokenIndex') && is.brokenIndex !== null) {
      words.push(`the index of ${what} is invalid: what built it was interrupted`);
      if (steps.length === 0) steps.push(step('index', `reindex index ${is.brokenIndex}`));
    }
    const remade = steps.length > 1;
    return { words, steps, disturbs: remade ? [actual.ref] : [] };
  },
};

const validation = ({ owner, quoted }: CatalogueObject<ConstraintAttributes>) =>
  step('constraint', `alter table ${owner} validate constraint ${quoted}`);
