import { randomBytes } from 'node:crypto';
import type { Client } from '@spire/migrate';
import { TransferError } from './errors.ts';
import type { Replaced } from './swap.ts';

/**
 * Whether two sessions are in the same database, whatever name led there: what one locks the other can't.
 *
 * @throws TransferError `SAME_DATABASE`
 */
export async function requireOther(
  source: Client,
  target: Client,
  names: { readonly source: string; readonly target: string },
): Promise<void> {
  const key = [randomBytes(8).readBigInt64BE().toString()];
  await target.query('select pg_advisory_lock($1)', key);
  try {
    const { rows } = await source.query('select pg_try_advisory_lock($1) as free', key);
    if (rows[0]?.free) {
      await source.query('select pg_advisory_unlock($1)', key);
      return;
    }
  } finally {
    await target.query('select pg_advisory_unlock($1)', key);
  }
  throw new TransferError(
    'SAME_DATABASE',
    `${names.source} and ${names.target} lead to the same database.`,
    { suggestions: ['See where each leads: spire env show', 'Nothing was changed.'] },
  );
}

/**
 * What is replaced must be the only thing that others build on.
 *
 * @param tables those of `public` that are replaced, where not everything is.
 * @throws TransferError `TARGET_NOT_OWNED`, naming what belongs to others, who alone may move it;
 * `TARGET_DEPENDED_ON`, naming views, functions, keys and publications that would go on reading the old
 * tables.
 */
export async function requireReplaceable(
  target: Client,
  environment: string,
  replaced: Replaced,
  tables: readonly string[],
): Promise<void> {
  await requireOwned(target, environment, replaced, tables);
  const { rows } = await target.query(
    `with replaced as (
      select oid from pg_class where relnamespace = 'public'::regnamespace
        and ($1 = 'everything' or relkind = 'r' and relname = any ($2::text[]))
    )
    select distinct found from (
      select v.oid::regclass::text as found, v.relnamespace as inside
      from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
      join replaced t on t.oid = d.refobjid
      where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and v.oid <> t.oid
      union all
      select p.oid::regprocedure::text, p.pronamespace
      from pg_depend d join pg_proc p on p.oid = d.objid join replaced t on t.oid = d.refobjid
      where d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_class'::regclass
      union all
      select conrelid::regclass::text, c.relnamespace
      from pg_constraint k join pg_class c on c.oid = conrelid join replaced t on t.oid = confrelid
      where contype = 'f' and conrelid not in (select oid from replaced)
      union all
      select format('the publication %s', pubname), null
      from pg_publication_rel r join pg_publication p on p.oid = prpubid
      join replaced t on t.oid = prrelid
    ) users
    where $1 = 'tables' or inside is distinct from 'public'::regnamespace
    order by found`,
    [replaced, tables],
  );
  const kept = rows.filter(({ found }) => !String(found).startsWith('spire_previous.'));
  if (kept.length === 0) return;
  throw new TransferError(
    'TARGET_DEPENDED_ON',
    `In ${environment} ${kept.map(({ found }) => found).join(', ')} would go on reading the old tables.`,
    {
      suggestions: [
        'Drop what is made of them, and make it again afterwards.',
        'Nothing was changed.',
      ],
    },
  );
}

async function requireOwned(
  target: Client,
  environment: string,
  replaced: Replaced,
  tables: readonly string[],
): Promise<void> {
  const { rows } = await target.query(
    `select oid::regclass::text as found, pg_get_userbyid(relowner) as owner, current_user as me
     from pg_class
     where relnamespace = 'public'::regnamespace and not pg_has_role(relowner, 'usage')
       and ($1 = 'everything' and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
         or relkind = 'r' and relname = any ($2::text[]))
     order by found`,
    [replaced, tables],
  );
  const [first] = rows;
  if (!first) return;
  const whose = rows.map(({ found, owner }) => `${found} (${owner})`).join(', ');
  throw new TransferError(
    'TARGET_NOT_OWNED',
    `In ${environment} ${first.me} may not replace what belongs to others: ${whose}.`,
    {
      suggestions: [
        `Let an owner or administrator hand it over: alter table ${first.found} owner to ${first.me}`,
        'Nothing was changed.',
      ],
    },
  );
}
