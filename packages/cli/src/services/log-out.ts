import {
  AccessError,
  configDirectory,
  coversVaultAddresses,
  hasExpired,
  isPersonal,
  loadLogins,
  openVault,
  type ResolutionInput,
  type ResolvedEnvironment,
  removeLogin,
  revokeToken,
  type StoredLogin,
} from '@spire/access';
import { CliError } from '../errors.ts';

/** A login that was ended. */
export interface LogoutResult {
  readonly environment: string;
  readonly address: string;
  /** False when the token had ended already. */
  readonly revoked: boolean;
}

/**
 * Revokes the token that `spire login` stored for an environment, and forgets it. What can't be revoked
 * stays, so that it can be tried again.
 *
 * @returns undefined when nobody had logged in.
 * @throws AccessError `VAULT_UNAVAILABLE` and the like; CliError `USAGE` when the environment uses
 * another one's login.
 */
export async function logOut(
  environment: ResolvedEnvironment,
  variables: ResolutionInput['variables'],
): Promise<LogoutResult | undefined> {
  const directory = configDirectory(variables);
  const logins = loadLogins(directory);
  const login = logins.find((one) => one.environment === environment.name);
  if (!login) {
    const address = environment.values.vaultAddress?.value;
    const used = logins.find(
      (one) => isPersonal(one) && address && coversVaultAddresses(one.address, address),
    );
    if (used) throw usesAnother(environment.name, used.environment);
    return undefined;
  }
  const revoked = !hasExpired(login, Date.now()) && (await revoke(environment, login));
  removeLogin(directory, environment.name);
  return { environment: environment.name, address: login.address, revoked };
}

async function revoke(environment: ResolvedEnvironment, login: StoredLogin): Promise<boolean> {
  // It goes to the Vault that it is bound to, wherever the environment points now.
  const vaultAddress = { value: login.address, origin: { kind: 'default' }, overrode: [] } as const;
  const values = { ...environment.values, vaultAddress };
  try {
    await revokeToken(await openVault({ ...environment, values }, {}, login.token));
    return true;
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    if (error.code === 'VAULT_TOKEN_INVALID') return false;
    const { code, message, suggestions, cause } = error;
    throw new AccessError(code, `The token could not be revoked. ${message}`, {
      environment: environment.name,
      suggestions: [...suggestions, `To forget it without revoking it: rm '${login.file}'`],
      cause,
    });
  }
}

function usesAnother(name: string, other: string): CliError {
  return new CliError('USAGE', `${name} has no login of its own: it uses the one of ${other}.`, [
    `End that one: spire logout -e ${other}`,
  ]);
}
