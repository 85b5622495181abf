import {
  describeOrigin,
  lookUpToken,
  mayRead,
  openVault,
  type ResolutionInput,
  type ResolvedEnvironment,
  resolveEnvironment,
  secretPath,
} from '@spire/access';
import { BASELINE_HEAD, FAILING_HEAD } from '@spire/migrate';
import { type ErrorReport, reportOf } from '../render/error.ts';
import { connectBriefly, tookTooLong } from './brief-look.ts';
import { inTime } from './in-time.ts';
import { readMigrationStatus } from './migration-status.ts';
import { requireConfigured } from './require-configured.ts';

/** One environment at a glance. What could not be learned is null, and `problem` says why. */
export interface EnvironmentStatus {
  readonly name: string;
  readonly selected: boolean;
  readonly protected: boolean;
  readonly host: string | null;
  /** Where the host came from. */
  readonly hostFrom: string | null;
  /** The database user that was connected as. */
  readonly role: string | null;
  /** Where the Vault token came from. */
  readonly tokenFrom: string | null;
  /** Seconds that the Vault token still lives; null: for ever, or not known. */
  readonly tokenSecondsLeft: number | null;
  readonly tokenRenewable: boolean | null;
  /** Whether the token may read the read path. */
  readonly readable: boolean | null;
  /** The newest applied migration. */
  readonly version: string | null;
  /** How many migrations are pending. */
  readonly pending: number | null;
  /** The revisions that Alembic names, where Spire hasn't adopted the database yet. */
  readonly alembic: readonly string[] | null;
  /** The environment that the database says it is. */
  readonly claimedAs: string | null;
  readonly reachable: boolean;
  readonly problem: ErrorReport | null;
}

type Found = { -readonly [Key in keyof EnvironmentStatus]: EnvironmentStatus[Key] };

/** How long one environment may take, so that a dead one doesn't hold up the others. */
const LOOK_MILLIS = 1200;
const PATIENCE = { timeoutMillis: LOOK_MILLIS, attempts: 1 };

/** Looks at one environment; never throws. */
export async function inspectEnvironment(
  name: string,
  selected: boolean,
  input: ResolutionInput,
): Promise<EnvironmentStatus> {
  const found: Found = {
    name,
    selected,
    protected: name === 'production',
    host: null,
    hostFrom: null,
    role: null,
    tokenFrom: null,
    tokenSecondsLeft: null,
    tokenRenewable: null,
    readable: null,
    version: null,
    pending: null,
    alembic: null,
    claimedAs: null,
    reachable: false,
    problem: null,
  };
  try {
    const environment = resolveEnvironment({ ...input, environment: name });
    const { vaultToken } = environment.values;
    found.protected = environment.protected;
    noteHost(found, environment);
    found.tokenFrom = vaultToken ? describeOrigin(vaultToken.origin) : null;
    requireConfigured(environment, 'not configured');
    const looks = [inspectToken(environment, found), inspectDatabase(environment, found)];
    const [, database] = await Promise.allSettled(
      looks.map((look) => inTime(look, LOOK_MILLIS, () => tookTooLong(environment, LOOK_MILLIS))),
    );
    if (database?.status === 'rejected') throw database.reason;
    found.reachable = true;
  } catch (error) {
    found.problem = reportOf(error);
  }
  // What is learned after this is too late.
  return { ...found };
}

async function inspectToken(environment: ResolvedEnvironment, found: Found): Promise<void> {
  const vault = await openVault(environment, PATIENCE);
  const { secondsLeft, renewable } = await lookUpToken(vault);
  found.tokenSecondsLeft = secondsLeft ?? null;
  found.tokenRenewable = renewable;
  found.readable = await mayRead(vault, secretPath(environment, 'read-only'));
}

async function inspectDatabase(environment: ResolvedEnvironment, found: Found): Promise<void> {
  await using spire = await connectBriefly(environment, LOOK_MILLIS, 'spire status');
  noteHost(found, spire.environment);
  found.role = spire.pool.options.user ?? null;
  const { version, pending, alembic, claimedAs } = await readMigrationStatus(spire);
  found.version = version;
  found.pending = pending.length;
  found.alembic = alembic;
  found.claimedAs = claimedAs;
  if (alembic && !isKnown(alembic)) found.problem = outdated(environment, alembic);
}

/** Whether Spire can read such a database: the baseline's tables, or those of the revision after it. */
function isKnown([head, ...others]: readonly string[]): boolean {
  return others.length === 0 && (head === BASELINE_HEAD || head === FAILING_HEAD);
}

function outdated({ name, protected: isProtected }: ResolvedEnvironment, heads: readonly string[]) {
  const revision = heads.join(', ') || 'no revision';
  return reportOf({
    code: 'SCHEMA_OUTDATED',
    message: `Alembic left it at ${revision}, which isn't the baseline ${BASELINE_HEAD}.`,
    suggestions: [
      `See how far it is from it: spire migrate adopt -e ${name} --dry-run`,
      ...(isProtected ? [] : [`Or build it anew: spire db rebuild -e ${name} --from staging`]),
    ],
  });
}

function noteHost(found: Found, { values: { host } }: ResolvedEnvironment): void {
  found.host = host?.value ?? null;
  found.hostFrom = host ? describeOrigin(host.origin) : null;
}
