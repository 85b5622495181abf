import {
  AccessError,
  type Credentials,
  type DatabaseCredential,
  describeOrigin,
  lookUpToken,
  openVault,
  type ResolvedEnvironment,
  readHealth,
  rightsOn,
  secretPath,
  type VaultClient,
  type VaultHealth,
  waysToGetAToken,
} from '@spire/access';
import { duration } from '../../render/duration.ts';
import { ANSWER_MILLIS, type Finding } from './hop.ts';

/** A doctor asks once: what fails in passing is what it looks for. */
export const PATIENCE = { timeoutMillis: ANSWER_MILLIS, attempts: 1 };

/** A Vault that answers, and what it says of itself. */
export interface LiveVault {
  readonly client: VaultClient;
  readonly health: VaultHealth;
}

/** @throws AccessError `VAULT_UNAVAILABLE`, `VAULT_SEALED`, `VAULT_STANDBY`, `VAULT_UNINITIALIZED`. */
export async function examineHealth(environment: ResolvedEnvironment): Promise<Finding<LiveVault>> {
  const client = await openVault(environment, PATIENCE);
  const health = await readHealth(client);
  return {
    value: { client, health },
    found: `${client.address}, version ${health.version}, unsealed`,
  };
}

/** @throws AccessError `VAULT_TOKEN_MISSING`, `VAULT_TOKEN_INVALID`. */
export async function examineToken(client: VaultClient): Promise<Finding<void>> {
  const { vaultToken } = client.environment.values;
  const { displayName, secondsLeft, renewable, policies } = await lookUpToken(client);
  const from = vaultToken ? ` from ${describeOrigin(vaultToken.origin)}` : '';
  const life = secondsLeft === undefined ? 'endless' : `${duration(secondsLeft)} left`;
  const soon = secondsLeft !== undefined && secondsLeft < 600 ? ', which is soon' : '';
  const found = `${displayName || 'token'}${from}, ${life}${soon}${renewable ? ', renewable' : ''}; policies: ${policies.join(', ')}`;
  return { value: undefined, found };
}

/** @throws AccessError `VAULT_DENIED` when the token may not read the credential. */
export async function examinePolicy(client: VaultClient): Promise<Finding<void>> {
  const { environment } = client;
  const path = secretPath(environment, 'read-only');
  const { apiPath, engine, allowed, readable } = await rightsOn(client, path);
  if (readable) return { value: undefined, found: `${path} (${engine}): ${allowed.join(', ')}` };
  throw new AccessError('VAULT_DENIED', `The token may not read ${path}: ${allowed.join(', ')}.`, {
    environment: environment.name,
    suggestions: [
      `Ask for a policy with: path "${apiPath}" { capabilities = ["read"] }`,
      ...waysToGetAToken(environment),
    ],
  });
}

/** @throws AccessError `SECRET_NOT_FOUND`, `SECRET_MALFORMED`, `CREDENTIALS_MISSING`. */
export async function examineSecret(
  credentials: Credentials,
): Promise<Finding<DatabaseCredential>> {
  const credential = await credentials.get();
  const { lease, origin, user, host, port, database } = credential;
  const life = lease ? `, lease of ${duration(lease.durationSeconds)}` : '';
  const given = givenByVault(credential).join(', ');
  const found = [
    `${describeOrigin(origin)}${given && ` has ${given}`}${life}`,
    `user ${user}, ${host}:${port}, database ${database}`,
  ];
  return { value: credential, found: found.join('\n') };
}

/** What the secret says, by name. */
function givenByVault({ environment: { values } }: DatabaseCredential): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value, ...value.overrode].some(({ origin }) => origin.kind === 'vault') ? [name] : [],
  );
}
