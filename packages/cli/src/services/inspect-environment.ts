import {
  AccessError,
  connectVault,
  describeOrigin,
  fetchCredential,
  loadResolutionInput,
  type ResolutionInput,
  type ResolvedEnvironment,
  resolveEnvironment,
} from '@spire/access';
import { SpireDBConnector } from '@spire/sdk';
import type { ErrorReport } from '../render/error.ts';
import { inspectMigrations } from './migrate-environment.ts';

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
  /** Seconds that the Vault token still lives; null: for ever, or not known. */
  readonly tokenSecondsLeft: number | null;
  readonly tokenRenewable: boolean | null;
  /** The newest applied migration. */
  readonly version: string | null;
  /** How many migrations are pending. */
  readonly pending: number | null;
  /** The environment that the database says it is. */
  readonly claimedAs: string | null;
  readonly reachable: boolean;
  readonly problem: Omit<ErrorReport, 'suggestions'> | null;
}

const CONNECT_MILLIS = 1500;

/** Looks at one environment; never throws. */
export async function inspectEnvironment(
  name: string,
  selected: boolean,
  variables: ResolutionInput['variables'],
): Promise<EnvironmentStatus> {
  const found: { -readonly [Key in keyof EnvironmentStatus]: EnvironmentStatus[Key] } = {
    name,
    selected,
    protected: name === 'production',
    host: null,
    hostFrom: null,
    role: null,
    tokenSecondsLeft: null,
    tokenRenewable: null,
    version: null,
    pending: null,
    claimedAs: null,
    reachable: false,
    problem: null,
  };
  try {
    const environment = resolveEnvironment(loadResolutionInput(variables, name));
    const { host, vaultAddress } = environment.values;
    found.protected = environment.protected;
    found.host = host?.value ?? null;
    found.hostFrom = host ? describeOrigin(host.origin) : null;
    if (!host && !vaultAddress) throw notConfigured(environment);
    const [token, database] = await Promise.allSettled([
      connectVault(environment, CONNECT_MILLIS).then((vault) => vault.tokenStatus()),
      inspectDatabase(environment),
    ]);
    if (token.status === 'fulfilled') {
      found.tokenSecondsLeft = token.value.secondsLeft ?? null;
      found.tokenRenewable = token.value.renewable;
    }
    if (database.status === 'rejected') throw database.reason;
    Object.assign(found, database.value, { reachable: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    found.problem = { code: code ?? 'UNEXPECTED', message };
  }
  return found;
}

async function inspectDatabase(environment: ResolvedEnvironment) {
  await using spire = await SpireDBConnector.create({
    environment,
    access: 'read-only',
    credential: fetchCredential(environment, 'read-only', CONNECT_MILLIS),
    pool: { max: 1, connectMillis: CONNECT_MILLIS, applicationName: 'spire status' },
  });
  const { plan, claimedAs } = await inspectMigrations(spire);
  return {
    host: spire.pool.options.host ?? null,
    role: spire.pool.options.user ?? null,
    version: plan.applied.at(-1)?.tag ?? null,
    pending: plan.pending.length,
    claimedAs: claimedAs ?? null,
  };
}

function notConfigured({ name }: ResolvedEnvironment): AccessError {
  return new AccessError('CREDENTIALS_MISSING', 'not configured', { environment: name });
}
