import { readFileSync } from 'node:fs';
import { AccessError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { VaultClient } from './client.ts';
import { isNo } from './refusal.ts';

/** How a service proves to Vault who it is; people use `spire login`. */
export type ServiceAuth =
  | {
      readonly method: 'approle';
      readonly roleId: string;
      readonly secretId: string | Secret;
      /** Where the method is mounted. Default: `approle`. */
      readonly mount?: string;
    }
  | {
      readonly method: 'jwt' | 'kubernetes';
      readonly role: string;
      /**
       * A file that holds the JWT, read at every login since it is renewed in place. Default: the one of
       * the pod's service account.
       */
      readonly jwtFile?: string;
      /** Where the method is mounted. Default: the method's name. */
      readonly mount?: string;
    };

/** A token that a login gave. */
export interface LoggedIn {
  readonly token: Secret;
  /** Undefined: the token doesn't expire. */
  readonly secondsLeft: number | undefined;
  readonly renewable: boolean;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Logs a service in.
 *
 * @throws AccessError `LOGIN_FAILED` (Vault doesn't accept it, or the JWT can't be read), and those of
 * `VaultClient.ask`.
 */
export async function logInService(vault: VaultClient, auth: ServiceAuth): Promise<LoggedIn> {
  const body =
    auth.method === 'approle'
      ? {
          role_id: auth.roleId,
          secret_id: auth.secretId instanceof Secret ? auth.secretId.reveal() : auth.secretId,
        }
      : { role: auth.role, jwt: readJwt(auth.jwtFile ?? SERVICE_ACCOUNT, vault) };
  const path = `auth/${auth.mount ?? auth.method}/login`;
  const answer = await vault.ask({ path, body, token: null }).catch((error: unknown) => {
    throw isNo(error) ? failed(vault, `Vault doesn't accept the login at ${path}.`) : error;
  });
  return loggedIn(vault, answer.auth);
}

/**
 * What Vault gave for a login.
 *
 * @throws AccessError `LOGIN_FAILED` when it gave no token.
 */
export function loggedIn(vault: VaultClient, auth: unknown): LoggedIn {
  const { client_token, lease_duration, renewable } = (auth ?? {}) as Record<string, unknown>;
  if (typeof client_token !== 'string' || client_token === '')
    throw failed(vault, 'Vault gave no token for the login.');
  return {
    token: new Secret(client_token),
    secondsLeft: Number(lease_duration) || undefined,
    renewable: renewable === true,
  };
}

function readJwt(file: string, vault: VaultClient): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw failed(
      vault,
      `The JWT in ${file} can't be read (${(cause as NodeJS.ErrnoException).code}).`,
    );
  }
}

function failed({ environment, address }: VaultClient, message: string): AccessError {
  return new AccessError('LOGIN_FAILED', message, {
    environment: environment.name,
    suggestions: [`Check the role and where the method is mounted at ${address}.`],
  });
}
