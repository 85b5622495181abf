import type { Credentials, ResolvedEnvironment } from '@spire/access';
import { readFingerprint } from '@spire/migrate';
import { tableNames } from '@spire/schema';
import { SpireDBConnector, SpireDBError } from '@spire/sdk';
import { CliError } from '../../errors.ts';
import { ANSWER_MILLIS, type Finding } from './hop.ts';

/**
 * Logs in as the connector does, but for the fingerprint, which is a hop of its own.
 *
 * @throws SpireDBError `AUTHENTICATION_FAILED`, `CONNECTION_FAILED`.
 */
export async function examineAuthentication(
  environment: ResolvedEnvironment,
  credentials: Credentials,
): Promise<Finding<SpireDBConnector>> {
  const spire = await SpireDBConnector.create({
    environment,
    access: 'read-only',
    credentials,
    claimedAs: null,
    pool: {
      max: 1,
      connectMillis: ANSWER_MILLIS,
      statementMillis: ANSWER_MILLIS,
      applicationName: 'spire doctor',
    },
  });
  return { value: spire, found: `logged in as ${spire.pool.options.user}` };
}

/**
 * What the user may do. Who can't see the fingerprint is as one for whom nobody has claimed the database:
 * a wrong one would go unnoticed.
 *
 * @throws SpireDBError `PERMISSION_DENIED` with the grants that are missing.
 */
export async function examineRole(spire: SpireDBConnector): Promise<Finding<void>> {
  const [role] = await ask(
    spire,
    `select current_user as name, rolsuper as super, current_setting('transaction_read_only') as read_only,
       array(select nspname::text from pg_namespace
         where nspname in ('public', 'spire') and not has_schema_privilege(oid, 'usage')
         order by nspname) as closed,
       array(select case nspname when 'public' then relname::text else nspname || '.' || relname end as name
         from pg_class join pg_namespace on pg_namespace.oid = relnamespace
         where (nspname = 'public' and relname = any($1) or nspname = 'spire' and relname = 'environment')
           and not has_table_privilege(pg_class.oid, 'select') order by name) as denied
     from pg_roles where rolname = current_user`,
    [tableNames()],
  );
  const { name, denied = [], closed = [] } = role ?? {};
  const missing = [
    ...(closed.length > 0 ? [`grant usage on schema ${closed.join(', ')} to ${name};`] : []),
    ...(denied.length > 0 ? [`grant select on ${denied.join(', ')} to ${name};`] : []),
  ];
  if (missing.length > 0) {
    throw new SpireDBError('PERMISSION_DENIED', `${name} may not read everything.`, {
      environment: spire.environment.name,
      suggestions: missing.map((grant) => `Somebody who may has to run: ${grant}`),
    });
  }
  const found = [
    `${name} may read all tables`,
    ...(role?.read_only === 'on' ? ['this session may only read'] : []),
    ...(role?.super ? ['it is a superuser: prefer one that is not'] : []),
  ];
  return { value: undefined, found: found.join('; ') };
}

const OLDEST_VERSION = 140_000;

/** @throws CliError `SERVER_TOO_OLD`. */
export async function examineServer(spire: SpireDBConnector): Promise<Finding<void>> {
  const [row] = await ask(
    spire,
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
       pg_is_in_recovery() as standby`,
  );
  if (row?.number < OLDEST_VERSION) {
    throw new CliError('SERVER_TOO_OLD', `The server is PostgreSQL ${row?.version}.`, [
      'Spire needs 14 or newer: ask for an upgrade.',
    ]);
  }
  const standby = row?.standby ? ', a standby: it may only be read' : '';
  return { value: undefined, found: `PostgreSQL ${row?.version}${standby}` };
}

/** @throws SpireDBError `ENVIRONMENT_MISMATCH`. */
export async function examineFingerprint(spire: SpireDBConnector): Promise<Finding<void>> {
  const { name, protected: isProtected } = spire.environment;
  const claimed = await readFingerprint(spire.pool);
  if (claimed === undefined) {
    const until = isProtected ? '; until then it may only be read' : '';
    const found = `says nothing yet; the first migration claims it, or: spire db claim -e ${name}${until}`;
    return { value: undefined, found };
  }
  if (claimed === name) return { value: undefined, found: `says that it is ${claimed}` };
  throw new SpireDBError(
    'ENVIRONMENT_MISMATCH',
    `The database says that it is ${claimed}, not ${name}.`,
    {
      environment: name,
      suggestions: [
        `Check where the host comes from: spire env show -e ${name}`,
        `If it is a copy that is ${name} from now on: spire db claim -e ${name}`,
      ],
    },
  );
}

const MOST_SKEW_SECONDS = 60;

/**
 * The clocks of this machine, of Vault and of Postgres. Certificates, tokens and logins need them to agree.
 *
 * @throws CliError `CLOCK_SKEWED`.
 */
export async function examineClock(
  spire: SpireDBConnector,
  vaultSkew: number | undefined,
): Promise<Finding<void>> {
  const [row] = await ask(spire, 'select extract(epoch from clock_timestamp())::float8 as now');
  const skews: [string, number][] = [['Postgres', Number(row?.now) - Date.now() / 1000]];
  if (vaultSkew !== undefined) skews.push(['Vault', vaultSkew]);
  const wrong = skews.filter(([, skew]) => Math.abs(skew) > MOST_SKEW_SECONDS);
  const words = (all: typeof skews) =>
    all.map(([whose, skew]) => {
      const seconds = Math.abs(skew);
      // Vault tells whole seconds.
      if (seconds < 2) return `${whose} agrees`;
      return `${whose} is ${seconds.toFixed(0)} s ${skew < 0 ? 'behind' : 'ahead'}`;
    });
  if (wrong.length > 0) {
    throw new CliError(
      'CLOCK_SKEWED',
      `Clocks disagree with this machine's: ${words(wrong).join(', ')}.`,
      [
        wrong.length === skews.length && skews.length > 1
          ? 'It is this machine that is wrong: set its clock, by NTP.'
          : 'Tokens and certificates will seem expired or not yet valid: let DevOps look at that clock, and look at yours.',
      ],
    );
  }
  return { value: undefined, found: words(skews).join(', ') };
}

async function ask(spire: SpireDBConnector, sql: string, values: unknown[] = []) {
  const { rows } = await spire.pool.query(sql, values);
  return rows;
}
