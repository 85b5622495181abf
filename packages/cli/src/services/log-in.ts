import {
  AccessError,
  afterImport,
  configDirectory,
  configPath,
  describeOrigin,
  type ImportedVariable,
  type ImportPlan,
  type LoginMethod,
  loadResolutionInput,
  logInWithOidc,
  lookUpToken,
  mayRead,
  type OidcOptions,
  openVault,
  planImport,
  type ResolutionInput,
  type ResolvedEnvironment,
  type Runtime,
  readShareCode,
  resolveEnvironment,
  type Secret,
  secretPath,
  setEntries,
  shareCode,
  storeLogin,
  type TokenStatus,
  unwrapToken,
  type VaultClient,
  wrapChildToken,
} from '@spire/access';
import { CliError } from '../errors.ts';

type Variables = ResolutionInput['variables'];

/** Who is logged in to an environment's Vault, as Vault itself says. */
export interface LoginResult {
  readonly environment: string;
  readonly address: string;
  /** Where the token is kept. */
  readonly tokenFrom: string;
  /** Whom Vault takes the bearer for. */
  readonly displayName: string;
  /** Seconds; null: the token doesn't expire. */
  readonly secondsLeft: number | null;
  readonly renewable: boolean;
  readonly readPath: string;
  /** Whether the read path may be read with it. */
  readonly readable: boolean;
}

/** What was taken over from a runtime. */
export interface ImportResult {
  readonly from: string;
  readonly variables: readonly ImportedVariable[];
  /** The config file; null when nothing had to be written. */
  readonly file: string | null;
  /** Undefined when there was no token to be had from there. */
  readonly login: LoginResult | undefined;
}

/**
 * Who is logged in with the token that the environment has; undefined when it has none that lives.
 *
 * @throws AccessError `VAULT_UNAVAILABLE` and the like.
 */
export async function currentLogin(
  environment: ResolvedEnvironment,
): Promise<LoginResult | undefined> {
  const { vaultAddress, vaultToken } = environment.values;
  if (!vaultAddress || !vaultToken) return undefined;
  try {
    const vault = await openVault(environment);
    const { origin } = vaultToken;
    const place = origin.kind === 'login' ? origin.file : describeOrigin(origin);
    return await loginOf(vault, await lookUpToken(vault), place);
  } catch (error) {
    if (error instanceof AccessError && error.code === 'VAULT_TOKEN_INVALID') return undefined;
    throw error;
  }
}

/**
 * Stores a token after Vault has said that it lives.
 *
 * @throws AccessError `VAULT_TOKEN_INVALID`; then nothing is stored.
 */
export async function logInWithToken(
  environment: ResolvedEnvironment,
  token: Secret,
  method: LoginMethod,
  variables: Variables,
): Promise<LoginResult> {
  const vault = await openVault(environment, {}, token);
  const status = await lookUpToken(vault);
  const { secondsLeft } = status;
  const expiresAt =
    secondsLeft === undefined ? undefined : new Date(Date.now() + secondsLeft * 1000);
  // For all of them, whichever answered now.
  const address = environment.values.vaultAddress?.value ?? vault.address;
  const login = { environment: environment.name, address, token, method, expiresAt };
  const file = storeLogin(configDirectory(variables), login);
  return loginOf(vault, status, file);
}

async function loginOf(
  vault: VaultClient,
  { secondsLeft, renewable, displayName }: TokenStatus,
  tokenFrom: string,
): Promise<LoginResult> {
  const { environment, address } = vault;
  const readPath = secretPath(environment, 'read-only');
  return {
    environment: environment.name,
    address,
    tokenFrom,
    displayName,
    secondsLeft: secondsLeft ?? null,
    renewable,
    readPath,
    readable: await mayRead(vault, readPath),
  };
}

/** Logs in through the browser. */
export async function logInByBrowser(
  environment: ResolvedEnvironment,
  options: OidcOptions,
  variables: Variables,
): Promise<LoginResult> {
  const { token } = await logInWithOidc(await openVault(environment), options);
  return logInWithToken(environment, token, 'oidc', variables);
}

/**
 * Takes an environment's values, and its token where it can be seen, from a runtime.
 *
 * @param replace whether what the config file says otherwise may be replaced.
 * @throws AccessError those of `planImport`; CliError `USAGE` when something would be replaced.
 */
export async function importRuntime(
  runtime: Runtime,
  environment: string,
  replace: boolean,
  variables: Variables,
): Promise<ImportResult> {
  const { plan, resolved } = plannedImport(runtime, environment, replace, variables);
  const imported = writePlan(plan, variables);
  // What else was found is written, though the token may have ended by now.
  if (!plan.token) return { ...imported, login: undefined };
  return { ...imported, login: await logInWithToken(resolved, plan.token, 'imported', variables) };
}

/**
 * Takes what a colleague handed over.
 *
 * @throws AccessError `SHARED_TOKEN_USED`, `SHARED_TOKEN_INVALID`, and those of {@link importRuntime}.
 */
export async function acceptShared(
  pasted: Secret,
  environment: string,
  replace: boolean,
  variables: Variables,
): Promise<ImportResult> {
  const { wrapping, runtime } = readShareCode(pasted, environment);
  const from = runtime ?? { description: "your colleague's token", variables: [] };
  const { plan, resolved } = plannedImport(from, environment, replace, variables);
  // First the token: of a code that leads nowhere, nothing shall stay.
  const token = await unwrapToken(await openVault(resolved), wrapping);
  const login = await logInWithToken(resolved, token, 'shared', variables);
  return { ...writePlan(plan, variables), login };
}

/** What a colleague pastes, and until when. */
export interface Shared {
  readonly code: Secret;
  readonly expiresAt: Date;
}

/**
 * Makes a child token of one's own and wraps it for a colleague.
 *
 * @param life in seconds.
 */
export async function shareLogin(environment: ResolvedEnvironment, life: number): Promise<Shared> {
  const { token, expiresAt } = await wrapChildToken(await openVault(environment), life);
  return { code: shareCode(environment, token), expiresAt };
}

/** What will be written, and the environment as it will be then. */
function plannedImport(
  runtime: Runtime,
  environment: string,
  replace: boolean,
  variables: Variables,
): { plan: ImportPlan; resolved: ResolvedEnvironment } {
  const input = loadResolutionInput(variables);
  const plan = planImport(runtime, environment, input);
  const replaced = plan.variables.filter(({ use }) => use === 'replaces').map(({ name }) => name);
  if (replaced.length > 0 && !replace) {
    throw new CliError(
      'USAGE',
      `The config file says otherwise of ${environment}: ${replaced.join(', ')}. Nothing was written.`,
      [
        'If the new values are right, add --replace.',
        `Look at the old: spire env show -e ${environment}`,
      ],
    );
  }
  return { plan, resolved: resolveEnvironment(afterImport(input, plan)) };
}

function writePlan({ environment, from, variables, entries }: ImportPlan, process: Variables) {
  const file = configPath(configDirectory(process));
  if (entries.size > 0) setEntries(file, environment, entries);
  return { from, variables, file: entries.size > 0 ? file : null };
}
