import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@spire/migrate';
import { TransferError } from './errors.ts';
import type { Replaced } from './swap.ts';

/** What to do about sessions of others on the target: nothing is begun, they are waited for or ended. */
export type OthersPolicy = 'refuse' | 'wait' | 'terminate';

/** A session of somebody else. */
export interface OtherSession {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  /** Where it comes from; null: this host. */
  readonly address: string | null;
  readonly state: string;
}

const POLL_MILLIS = 500;

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
 * Sees to it that nobody else is in the target: rows change under them, and their locks would hold it up.
 *
 * @param onWaiting told of whom is waited for, once.
 * @throws TransferError `TARGET_IN_USE`, naming them.
 */
export async function requireAlone(
  target: Client,
  environment: string,
  policy: OthersPolicy,
  onWaiting?: (others: readonly OtherSession[]) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let first = true; ; first = false) {
    const others = await readOthers(target);
    if (others.length === 0) return;
    if (policy === 'refuse') throw inUse(environment, others);
    if (first) onWaiting?.(others);
    if (policy === 'terminate') {
      await target.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [
        others.map(({ pid }) => pid),
      ]);
    }
    await sleep(POLL_MILLIS, undefined, signal ? { signal } : {});
  }
}

/** Who else is in the database; this program's own sessions aren't. */
export async function readOthers(target: Client): Promise<OtherSession[]> {
  const { rows } = await target.query(`
    select pid, usename as user, application_name as application, client_addr as address,
      coalesce(state, 'state hidden') as state
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend'
      and pid <> pg_backend_pid()
      and (usename, application_name) is distinct from (current_user, current_setting('application_name'))
    order by backend_start`);
  return rows as unknown as OtherSession[];
}

function inUse(environment: string, others: readonly OtherSession[]): TransferError {
  const who = others.map(
    ({ pid, user, application, address, state }) =>
      `${user} from ${address ?? 'this host'} (${application || 'unnamed'}, pid ${pid}, ${state})`,
  );
  return new TransferError('TARGET_IN_USE', `Others work in ${environment}: ${who.join('; ')}.`, {
    suggestions: [
      'Wait until they have left: --wait',
      'End their sessions: --terminate',
      'Nothing was changed.',
    ],
  });
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
