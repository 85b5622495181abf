import { type CatalogueObject, shownName } from './catalogue.ts';
import { type ColumnAttributes, columnClause } from './columns.ts';
import { type Step, step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { changeOptions, quoteValue } from './options.ts';
import { relations } from './scope.ts';

/** What is compared of a table, apart from its parts. */
export type TableAttributes = {
  readonly persistence: 'logged' | 'unlogged';
  readonly rowSecurity: boolean;
  readonly forcedRowSecurity: boolean;
  /** Whether its foreign keys are checked: their triggers can be switched off. */
  readonly keysHold: boolean;
  /** Storage parameters, `name=value`. */
  readonly options: readonly string[];
  /** Such as `RANGE (at)`; null when it isn't partitioned. */
  readonly partitionKey: string | null;
  /** The partitions that belong to it say so themselves: `FOR VALUES ...`. */
  readonly bound: string | null;
  /** The `ref` of what it inherits from. */
  readonly parents: readonly string[];
};

interface Row extends TableAttributes {
  readonly schema: string;
  readonly name: string;
  readonly ref: string;
  readonly quoted: string;
}

/** Tables, plain and partitioned. */
export const tables: Kind<TableAttributes> = {
  async read(client) {
    const { rows } = await client.query(`
      with ${relations}
      select schema, relname::text as name, ref, quote_ident(relname) as quoted,
        case relpersistence when 'u' then 'unlogged' else 'logged' end as persistence,
        relrowsecurity as "rowSecurity", relforcerowsecurity as "forcedRowSecurity",
        not exists (
          select from pg_trigger
          where tgrelid = relations.oid and tgisinternal and tgenabled = 'D'
        ) as "keysHold",
        array(
          select option from unnest(reloptions) as option order by option collate "C"
        ) as options,
        case relkind when 'p' then pg_get_partkeydef(oid) end as "partitionKey",
        pg_get_expr(relpartbound, oid) as bound,
        array(
          select format('%I.%I', n.nspname, p.relname)
          from pg_inherits i join pg_class p on p.oid = inhparent
          join pg_namespace n on n.oid = p.relnamespace
          where inhrelid = relations.oid order by inhseqno
        ) as parents
      from relations where relkind in ('r', 'p') order by schema collate "C", relname collate "C"`);
    return (rows as unknown as Row[]).map(({ schema, name, ref, quoted, ...attributes }) =>
      object('table', [schema, name], {
        name: shownName(schema, name),
        ref,
        quoted,
        uses: attributes.parents,
        attributes,
      }),
    );
  },
  describe: ({ name }) => `table ${name}`,
  create({ ref, level, attributes }, parts) {
    const { persistence, partitionKey, parents, bound, options } = attributes;
    const columns = parts.filter(
      (part): part is CatalogueObject<ColumnAttributes> => part.kind === 'column',
    );
    const body = columns.filter((column) => !column.inherited).map(columnClause);
    const sql = [
      `create ${persistence === 'unlogged' ? 'unlogged ' : ''}table ${ref}`,
      bound === null ? `(${body.join(', ')})` : `partition of ${parents[0]} ${bound}`,
      bound === null && parents.length > 0 ? `inherits (${parents.join(', ')})` : '',
      partitionKey === null ? '' : `partition by ${partitionKey}`,
      options.length > 0 ? `with (${options.map(quoteValue).join(', ')})` : '',
    ];
    return [
      step('table', sql.filter(Boolean).join(' '), { level }),
      ...rowSecuritySteps(ref, attributes, { rowSecurity: false, forcedRowSecurity: false }),
    ];
  },
  drop: ({ ref, level, attributes: { parents, bound } }) => [
    // A foreign key to the partitioned table holds its partitions, too.
    ...(bound === null
      ? []
      : [step('drop table', `alter table ${parents[0]} detach partition ${ref}`, { level })]),
    step('drop table', `drop table ${ref}`, { level, losesData: true }),
  ],
  change(expected, actual, differs) {
    const { ref, name } = expected;
    const [want, is] = [expected.attributes, actual.attributes];
    const words: string[] = [];
    const steps: Step[] = [];
    if (differs('partitionKey')) {
      const key = (one: string | null) =>
        one === null ? 'not partitioned' : `partitioned by ${one}`;
      words.push(`is ${key(is.partitionKey)}, and should be ${key(want.partitionKey)}`);
    }
    if (differs('persistence')) {
      words.push(`is ${is.persistence}, and should be ${want.persistence}`);
      steps.push(step('table settings', `alter table ${ref} set ${want.persistence}`));
    }
    for (const [flag, what] of [
      ['rowSecurity', 'row level security'],
      ['forcedRowSecurity', 'forced row level security'],
    ] as const) {
      if (is[flag] === want[flag]) continue;
      words.push(
        `has ${what} ${is[flag] ? 'on' : 'off'}, and should have it ${want[flag] ? 'on' : 'off'}`,
      );
    }
    steps.push(...rowSecuritySteps(ref, want, is));
    if (differs('keysHold')) {
      words.push(is.keysHold ? 'checks its foreign keys' : "doesn't check its foreign keys");
      const state = want.keysHold ? 'enable' : 'disable';
      steps.push(step('table settings', `alter table ${ref} ${state} trigger all`));
    }
    if (differs('options')) {
      const options = changeOptions(`alter table ${ref}`, want.options, is.options);
      words.push(options.words);
      steps.push(...options.statements.map((sql) => step('table settings', sql)));
    }
    if (differs('parents') || differs('bound')) {
      words.push(`is ${place(is)}, and should be ${place(want)}`);
      steps.push(...moveSteps(ref, want, is));
    }
    // A partition key can't be changed in place.
    return {
      words: words.map((one) => `table ${name} ${one}`),
      steps: differs('partitionKey') ? [] : steps,
    };
  },
};

function rowSecuritySteps(
  ref: string,
  want: Pick<TableAttributes, 'rowSecurity' | 'forcedRowSecurity'>,
  is: Pick<TableAttributes, 'rowSecurity' | 'forcedRowSecurity'>,
): Step[] {
  const steps: Step[] = [];
  const alter = (what: string) =>
    steps.push(step('table settings', `alter table ${ref} ${what} row level security`));
  if (want.rowSecurity !== is.rowSecurity) alter(want.rowSecurity ? 'enable' : 'disable');
  if (want.forcedRowSecurity !== is.forcedRowSecurity) {
    alter(want.forcedRowSecurity ? 'force' : 'no force');
  }
  return steps;
}

function place({ parents, bound }: TableAttributes): string {
  if (parents.length === 0) return 'on its own';
  if (bound === null) return `a child of ${parents.join(' and ')}`;
  return `a partition of ${parents[0]} ${bound}`;
}

function moveSteps(ref: string, want: TableAttributes, is: TableAttributes): Step[] {
  const leave = is.parents.map((parent) =>
    is.bound === null
      ? want.parents.includes(parent) && want.bound === null
        ? undefined
        : `alter table ${ref} no inherit ${parent}`
      : `alter table ${parent} detach partition ${ref}`,
  );
  const join = want.parents.map((parent) =>
    want.bound === null
      ? is.parents.includes(parent) && is.bound === null
        ? undefined
        : `alter table ${ref} inherit ${parent}`
      : `alter table ${parent} attach partition ${ref} ${want.bound}`,
  );
  return [...leave, ...join]
    .filter((sql) => sql !== undefined)
    .map((sql) => step('table settings', sql));
}
