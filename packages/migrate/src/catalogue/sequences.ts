import { shownName } from './catalogue.ts';
import { type Step, step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { relations } from './scope.ts';
import { sequenceOptions } from './sequence-options.ts';

/** What is compared of a sequence: never where it stands. */
export type SequenceAttributes = {
  readonly type: string;
  /** Such as `increment 1`. */
  readonly options: readonly string[];
  /** The `ref` of the column that it goes away with. */
  readonly ownedBy: string | null;
};

interface Row extends SequenceAttributes {
  readonly schema: string;
  readonly name: string;
  readonly ref: string;
  readonly quoted: string;
}

/** Sequences, but those of identity columns, which belong to the column. */
export const sequences: Kind<SequenceAttributes> = {
  async read(client) {
    const { rows } = await client.query(`
      with ${relations}
      select r.schema, r.relname::text as name, r.ref, quote_ident(r.relname) as quoted,
        format_type(seqtypid, null) as type, ${sequenceOptions} as options,
        case when attname is not null then
          format('%I.%I.%I', n.nspname, t.relname, attname)
        end as "ownedBy"
      from relations r
      join pg_sequence on seqrelid = r.oid
      left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid
        and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
      left join pg_class t on t.oid = d.refobjid
      left join pg_namespace n on n.oid = t.relnamespace
      left join pg_attribute on attrelid = d.refobjid and attnum = d.refobjsubid
      where d.deptype is distinct from 'i'
        and (n.nspname, t.relname) is distinct from ('public', 'alembic_version')
      order by r.schema collate "C", r.relname collate "C"`);
    return (rows as unknown as Row[]).map(({ schema, name, ref, quoted, ...attributes }) =>
      object('sequence', [schema, name], {
        name: shownName(schema, name),
        ref,
        quoted,
        ...(attributes.ownedBy === null ? {} : { owner: attributes.ownedBy }),
        attributes,
      }),
    );
  },
  describe: ({ name }) => `sequence ${name}`,
  create: ({ ref, attributes: { type, options, ownedBy } }) => [
    step('sequence', `create sequence ${ref} as ${type} ${options.join(' ')}`),
    ...(ownedBy === null ? [] : [own(ref, ownedBy)]),
  ],
  drop: ({ ref }) => [step('drop sequence', `drop sequence ${ref}`)],
  change({ ref, name, attributes: want }, { attributes: is }, differs) {
    const words: string[] = [];
    const steps: Step[] = [];
    if (differs('type') || differs('options')) {
      const all = ({ type, options }: SequenceAttributes) => `${type} ${options.join(' ')}`;
      words.push(`sequence ${name} is ${all(is)}, and should be ${all(want)}`);
      steps.push(
        step('sequence', `alter sequence ${ref} as ${want.type} ${want.options.join(' ')}`),
      );
    }
    if (differs('ownedBy')) {
      const owner = (one: string | null) => (one === null ? 'nothing' : one);
      words.push(
        `sequence ${name} is owned by ${owner(is.ownedBy)}, and should be by ${owner(want.ownedBy)}`,
      );
      steps.push(own(ref, want.ownedBy));
    }
    return { words, steps };
  },
};

const own = (ref: string, ownedBy: string | null) =>
  step('sequence owner', `alter sequence ${ref} owned by ${ownedBy ?? 'none'}`);
