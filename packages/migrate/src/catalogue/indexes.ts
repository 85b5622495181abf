import { type CatalogueObject, shownName } from './catalogue.ts';
import { type Step, step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { coveredColumns, relations } from './scope.ts';

/** What is compared of an index. */
export type IndexAttributes = {
  /** As `create index` writes it. */
  readonly definition: string;
  /** False: Postgres doesn't use it. */
  readonly valid: boolean;
};

interface Row extends IndexAttributes {
  readonly schema: string;
  readonly table: string;
  readonly owner: string;
  readonly name: string;
  readonly quoted: string;
  readonly ref: string;
  readonly inherited: boolean;
  readonly covers: readonly string[];
}

/** Indexes of tables and materialized views that no constraint owns. */
export const indexes: Kind<IndexAttributes> = {
  async read(client) {
    const { rows } = await client.query(`
      with ${relations}
      select schema, r.relname::text as "table", r.ref as owner, i.relname::text as name,
        quote_ident(i.relname) as quoted, format('%I.%I', schema, i.relname) as ref,
        i.relispartition as inherited, pg_get_indexdef(indexrelid) as definition,
        indisvalid as valid, ${coveredColumns('pg_class', 'indexrelid', 'indrelid')} as covers
      from relations r
      join pg_index on indrelid = r.oid
      join pg_class i on i.oid = indexrelid
      where not exists (
        select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x')
      ) and indislive
      order by schema collate "C", i.relname collate "C"`);
    return (rows as unknown as Row[]).map(
      ({ schema, table, owner, name, quoted, ref, inherited, covers, ...attributes }) =>
        object('index', [schema, name], {
          name: shownName(schema, name),
          table: shownName(schema, table),
          ref,
          quoted,
          owner,
          inherited,
          covers,
          attributes,
        }),
    );
  },
  describe: ({ name, table }) => `index ${name} on ${table}`,
  create: (index) => [step('index', everywhere(index))],
  drop: ({ ref }) => [step('drop index', `drop index ${ref}`)],
  change(expected, actual, differs, major) {
    const [want, is] = [expected.attributes, actual.attributes];
    const words: string[] = [];
    const what = `index ${expected.name} on ${expected.table}`;
    if (differs('definition')) {
      words.push(`the ${what} is ${is.definition}, and should be ${want.definition}`);
    }
    if (!is.valid && want.valid) {
      words.push(`the ${what} is invalid: an interrupted CREATE INDEX CONCURRENTLY left it`);
    }
    const steps: Step[] =
      words.length > 0 ? [...indexes.drop(actual), ...indexes.create(expected, [], major)] : [];
    return { words, steps };
  },
};

/** The definition of a partitioned table's index says `ONLY`, which would leave the partitions out. */
function everywhere({ quoted, attributes: { definition } }: CatalogueObject<IndexAttributes>) {
  for (const create of ['CREATE INDEX', 'CREATE UNIQUE INDEX']) {
    const only = `${create} ${quoted} ON ONLY `;
    if (definition.startsWith(only)) {
      return `${create} ${quoted} ON ${definition.slice(only.length)}`;
    }
  }
  return definition;
}
