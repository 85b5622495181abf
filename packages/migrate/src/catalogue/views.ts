import { type ObjectKind, shownName } from './catalogue.ts';
import { type Step, step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { changeOptions, quoteValue } from './options.ts';
import { relations } from './scope.ts';

/** What is compared of a view. */
export type ViewAttributes = {
  /** Its query, without semicolon. */
  readonly definition: string;
  /** Such as `security_barrier=true`. */
  readonly options: readonly string[];
};

interface Row extends ViewAttributes {
  readonly schema: string;
  readonly name: string;
  readonly ref: string;
  readonly quoted: string;
  readonly uses: readonly string[];
}

/** SQL: a view's query as `create view` takes it. */
export const viewDefinition = (oid: string): string => `rtrim(pg_get_viewdef(${oid}), E'; \\n')`;

export const views = viewsOf('view', 'v');
export const materializedViews = viewsOf('materialized view', 'm');

function viewsOf(kind: ObjectKind & `${string}view`, relkind: 'v' | 'm'): Kind<ViewAttributes> {
  return {
    async read(client) {
      const { rows } = await client.query(`
        with ${relations}, used as (
          select ev_class, format('%I.%I', n.nspname, c.relname) as relation, quote_ident(attname) as attname
          from pg_rewrite
          join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
            and refclassid = 'pg_class'::regclass and refobjid <> ev_class
          join pg_class c on c.oid = refobjid
          join pg_namespace n on n.oid = c.relnamespace
          left join pg_attribute on attrelid = refobjid and attnum = refobjsubid and attnum > 0
        )
        select schema, relname::text as name, ref, quote_ident(relname) as quoted,
          ${viewDefinition('oid')} as definition,
          array(
          select option from unnest(reloptions) as option order by option collate "C"
        ) as options,
          array(
            select relation from used where ev_class = oid
            union select relation || '.' || attname from used
            where ev_class = oid and attname is not null
          ) as uses
        from relations where relkind = '${relkind}'
        order by schema collate "C", relname collate "C"`);
      return (rows as unknown as Row[]).map(({ schema, name, ref, quoted, uses, ...attributes }) =>
        object(kind, [schema, name], {
          name: shownName(schema, name),
          ref,
          quoted,
          uses,
          attributes,
        }),
      );
    },
    describe: ({ name }) => `${kind} ${name}`,
    create: ({ ref, level, attributes: { definition, options } }) => {
      const terms = options.length > 0 ? ` with (${options.map(quoteValue).join(', ')})` : '';
      return [step('view', `create ${kind} ${ref}${terms} as\n${definition}`, { level })];
    },
    drop: ({ ref, level }) => [step('drop view', `drop ${kind} ${ref}`, { level })],
    change(expected, actual, differs) {
      const { ref, name, attributes: want } = expected;
      const words: string[] = [];
      const steps: Step[] = [];
      if (differs('options')) {
        const options = changeOptions(
          `alter ${kind} ${ref}`,
          want.options,
          actual.attributes.options,
        );
        words.push(`${kind} ${name} ${options.words}`);
        steps.push(...options.statements.map((sql) => step('view', sql, expected)));
      }
      if (!differs('definition')) return { words, steps };
      words.push(`${kind} ${name} has another query than it should have`);
      // It is dropped and made again, with all that uses it.
      return { words, steps: [], disturbs: [actual.ref] };
    },
  };
}
