import { type CatalogueObject, shownName } from './catalogue.ts';
import { type Step, step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { keptSchema, madeAlone, ownObject, relations } from './scope.ts';

const GRANTABLE = ' with grant option';

/** What somebody may do with something. */
export type GrantAttributes = {
  /** Such as `SELECT` or `SELECT with grant option`. */
  readonly privileges: readonly string[];
};

/** A grant, with how SQL calls both sides of it. */
interface Grant extends CatalogueObject<GrantAttributes> {
  readonly grantee: string;
  /** Such as `table public.history`. */
  readonly target: string;
  readonly column: string | null;
}

interface Row extends GrantAttributes {
  readonly what: 'table' | 'sequence' | 'schema' | 'routine';
  readonly schema: string;
  readonly name: string;
  readonly ref: string;
  readonly owner: string;
  readonly column: string | null;
  readonly quotedColumn: string | null;
  readonly grantee: string;
  readonly quotedGrantee: string;
}

/**
 * Who may do what, but for owners. What `public` may do by itself in the schema `public` is left out,
 * because it depends on the version that the database began with.
 */
export const grants: Kind<GrantAttributes> = {
  async read(client) {
    const { rows } = await client.query(`
      with ${relations}, rights as (
        select case relkind when 'S' then 'sequence' else 'table' end as what, schema,
          relname::text as name, ref, relowner as owned_by, null::text as attname,
          coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)) as acl,
          coalesce((
            select format('%I.%I.%I', n.nspname, t.relname, attname)
            from pg_depend join pg_class t on t.oid = refobjid
            join pg_namespace n on n.oid = t.relnamespace
            join pg_attribute on attrelid = refobjid and attnum = refobjsubid
            where relkind = 'S' and classid = 'pg_class'::regclass and objid = relations.oid
              and refclassid = 'pg_class'::regclass and deptype in ('a', 'i') and refobjsubid > 0
          ), ref) as owner
        from relations where relacl is not null
        union all
        select 'table', schema, relname, ref, relowner, attname::text, attacl,
          format('%s.%I', ref, attname)
        from relations join pg_attribute on attrelid = relations.oid
        where attacl is not null and attnum > 0 and not attisdropped
        union all
        select 'schema', nspname, '', quote_ident(nspname), nspowner, null, nspacl,
          quote_ident(nspname)
        from pg_namespace n
        where ${keptSchema('nspname')} and ${ownObject('pg_namespace', 'n.oid')}
          and nspacl is not null
        union all
        select 'routine', nspname, format('%s(%s)', proname, pg_get_function_identity_arguments(p.oid)),
          format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid)),
          proowner, null, coalesce(proacl, acldefault('f', proowner)),
          format('routine %I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid))
        from pg_proc p join pg_namespace n on n.oid = pronamespace
        where ${keptSchema('nspname')} and ${madeAlone('pg_proc', 'p.oid')}
      ), said as (
        select what, schema, name, ref, owner, attname, grantee, privilege_type,
          bool_or(is_grantable) as grantable
        from rights, aclexplode(acl)
        where grantee <> owned_by and not (what = 'schema' and schema = 'public' and grantee = 0)
          -- Whoever owns the database is what owns the schema public since version 15.
          and not (what = 'schema' and owned_by = 'pg_database_owner'::regrole and grantee = (
            select datdba from pg_database where datname = current_database()
          ))
        group by 1, 2, 3, 4, 5, 6, 7, 8
      )
      select what, schema, name, ref, owner, attname as "column",
        quote_ident(attname) as "quotedColumn",
        case grantee when 0 then 'public' else pg_get_userbyid(grantee)::text end as grantee,
        case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as "quotedGrantee",
        array_agg(
          privilege_type || case when grantable then '${GRANTABLE}' else '' end
          order by privilege_type collate "C"
        ) as privileges
      from said group by what, schema, name, ref, owner, attname, said.grantee
      order by what, schema collate "C", name collate "C", attname collate "C" nulls first,
        pg_get_userbyid(said.grantee) collate "C"`);
    return (rows as unknown as Row[]).map(
      ({
        what,
        schema,
        name,
        ref,
        owner,
        column,
        quotedColumn,
        grantee,
        quotedGrantee,
        privileges,
      }) => {
        const shown = what === 'schema' ? schema : shownName(schema, name);
        const whole = what === 'table' ? shown : `${what} ${shown}`;
        const grant: Grant = {
          // The role that is called public isn't everybody.
          ...object('grant', [what, schema, name, column, grantee, quotedGrantee === 'public'], {
            name: `${grantee} on ${column === null ? whole : `${whole}.${column}`}`,
            ...(what === 'table' ? { table: shown } : {}),
            ref: `grant to ${quotedGrantee} on ${owner}`,
            quoted: quotedGrantee,
            owner,
            attributes: { privileges },
          }),
          grantee: quotedGrantee,
          target: `${what} ${ref}`,
          column: quotedColumn,
        };
        return grant;
      },
    );
  },
  describe: ({ name, attributes: { privileges } }) =>
    `grant of ${privileges.join(', ')} to ${name}`,
  create: (grant) => give(grant as Grant, grant.attributes.privileges),
  drop: (grant) => take(grant as Grant, grant.attributes.privileges),
  change(expected, actual) {
    const [want, is] = [expected.attributes.privileges, actual.attributes.privileges];
    const [role = '', ...on] = expected.name.split(' on ');
    const surplus = is.filter((privilege) => !want.includes(privilege));
    const lacking = want.filter((privilege) => !is.includes(privilege));
    return {
      words: [
        `${role} has ${is.join(', ')} on ${on.join(' on ')}, and should have ${want.join(', ')}`,
      ],
      steps: [...take(actual as Grant, surplus), ...give(expected as Grant, lacking)],
    };
  },
};

function give(grant: Grant, privileges: readonly string[]): Step[] {
  return [false, true].flatMap((grantable) => {
    const some = privileges.filter((privilege) => privilege.endsWith(GRANTABLE) === grantable);
    if (some.length === 0) return [];
    return [
      step(
        'grant',
        `grant ${listed(grant, some)} to ${grant.grantee}${grantable ? GRANTABLE : ''}`,
      ),
    ];
  });
}

function take(grant: Grant, privileges: readonly string[]): Step[] {
  if (privileges.length === 0) return [];
  return [step('revoke', `revoke ${listed(grant, privileges)} from ${grant.grantee}`)];
}

function listed({ column, target }: Grant, privileges: readonly string[]): string {
  const columns = column === null ? '' : ` (${column})`;
  return `${privileges.map((one) => `${one.replace(GRANTABLE, '').toLowerCase()}${columns}`).join(', ')} on ${target}`;
}

/** Leaves out what a server older than 17 doesn't know, such as a part of `grant all`. */
export function withoutMaintain(
  grant: CatalogueObject<GrantAttributes>,
): CatalogueObject<GrantAttributes> | undefined {
  const privileges = grant.attributes.privileges.filter((one) => !one.startsWith('MAINTAIN'));
  return privileges.length === 0 ? undefined : { ...grant, attributes: { privileges } };
}
