import {
  type AccessMode,
  type DatabaseCredential,
  ownCredential,
  readCredential,
} from './database-credential.ts';
import type { ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import { nextRenewalDelay, pollDelay, retryRenewalDelay, startTimer } from './lease-policy.ts';
import type { Secret } from './secret.ts';
import { openVault, type VaultClient, type VaultPatience } from './vault/client.ts';
import { logInService, type ServiceAuth } from './vault/service-auth.ts';
import { lookUpToken, revokeToken } from './vault/token.ts';

/** How the credentials of an environment are got. */
export interface CredentialsOptions extends VaultPatience {
  /** Default: `read-only`. */
  readonly mode?: AccessMode;
  /** How a service logs in. Default: with the environment's token. */
  readonly auth?: ServiceAuth | undefined;
  /** Told of each credential that takes another's place. */
  readonly onChange?: (credential: DatabaseCredential) => void;
}

/** A credential that stays usable for as long as it is open. */
export interface Credentials extends AsyncDisposable {
  /** The credential to connect with now; Vault is asked only when there is none yet. */
  get(): Promise<DatabaseCredential>;
  /**
   * Another credential in place of one that Postgres has refused: asked for once, however many callers
   * come with the same one.
   *
   * @param rejectedVersion the version of the one that was refused.
   */
  refresh(rejectedVersion: string): Promise<DatabaseCredential>;
  /** Ends what was made for this reader alone: its leases, and the token of a service's login. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How long the end may take: whoever leaves doesn't wait for a Vault that is down. */
const REVOKE_MILLIS = 1000;

/**
 * Opens the credentials of an environment and keeps them alive: token and lease are renewed at two
 * thirds of their lives, a lease that can't be renewed is replaced by another, and while Vault is down
 * what there is goes on being used until it ends. No timer keeps the process alive.
 *
 * @throws nothing by itself; `get` and `refresh` throw AccessError as `fetchCredential` does, and
 * `LOGIN_FAILED`.
 * @example
 * await using credentials = openCredentials(environment, {mode: 'read-only'});
 * const {user, password} = await credentials.get();
 */
export function openCredentials(
  environment: ResolvedEnvironment,
  options: CredentialsOptions = {},
): Credentials {
  const { mode = 'read-only', auth, onChange } = options;
  let vault: Promise<VaultClient> | undefined;
  let loggedInToken: Secret | undefined;
  let current: DatabaseCredential | undefined;
  let fetching: Promise<DatabaseCredential> | undefined;
  let leaseEndsAt: number | undefined;
  let closed = false;
  let failures = 0;
  const timers = new Map<'token' | 'credential', () => void>();

  const schedule = (
    what: 'token' | 'credential',
    millis: number | undefined,
    run: () => unknown,
  ) => {
    timers.get(what)?.();
    timers.delete(what);
    if (!closed && millis !== undefined) timers.set(what, startTimer(millis, run));
  };

  /** The client that asks with the environment's token, or with the one of a service's login. */
  function openClient(): Promise<VaultClient> {
    vault ??= connect().catch((error: unknown) => {
      vault = undefined;
      throw error;
    });
    return vault;
  }

  async function connect(): Promise<VaultClient> {
    const plain = await openVault(environment, options);
    if (!auth) return plain;
    const { token, secondsLeft, renewable } = await logInService(plain, auth);
    loggedInToken = token;
    const origin = { kind: 'default' } as const;
    const withToken = { value: token, origin, overrode: [] };
    const values = { ...environment.values, vaultToken: withToken };
    scheduleToken(secondsLeft, renewable);
    return openVault({ ...environment, values }, options);
  }

  function scheduleToken(secondsLeft: number | undefined, renewable: boolean): void {
    const endsAt = secondsLeft === undefined ? undefined : Date.now() + secondsLeft * 1000;
    const delay = nextRenewalDelay({ endsAt }, Date.now());
    schedule('token', renewable || auth ? delay : undefined, renewToken);
  }

  /** A token that can't live longer is replaced by another login; a person's is simply used up. */
  async function renewToken(): Promise<void> {
    try {
      const client = await openClient();
      const before = await lookUpToken(client);
      await client.ask({ path: 'auth/token/renew-self', body: {} });
      const after = await lookUpToken(client);
      const longer = (after.secondsLeft ?? 0) > (before.secondsLeft ?? 0) + 1;
      if (longer) return scheduleToken(after.secondsLeft, after.renewable);
    } catch (error) {
      const gone = error instanceof AccessError && error.code === 'VAULT_TOKEN_INVALID';
      if (!gone && !auth) return schedule('token', retryRenewalDelay(1), renewToken);
    }
    if (auth) vault = undefined;
  }

  async function fetchOnce(): Promise<DatabaseCredential> {
    const own = ownCredential(environment);
    if (own && !environment.values.vaultAddress) return own();
    try {
      return await readCredential(await openClient(), mode);
    } catch (error) {
      const code = error instanceof AccessError ? error.code : undefined;
      if (own && code === 'VAULT_UNAVAILABLE') return own();
      // The token of a service's login may have ended: it logs in again, once.
      if (auth && loggedInToken && code === 'VAULT_TOKEN_INVALID') {
        vault = undefined;
        return readCredential(await openClient(), mode);
      }
      throw error;
    }
  }

  function fetch(): Promise<DatabaseCredential> {
    fetching ??= fetchOnce()
      .then((next) => {
        const changed = current !== undefined && current.version !== next.version;
        current = next;
        failures = 0;
        scheduleCredential(next);
        if (changed) onChange?.(next);
        return next;
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  }

  function scheduleCredential({ lease, origin }: DatabaseCredential): void {
    leaseEndsAt = lease && Date.now() + lease.durationSeconds * 1000;
    if (origin.kind !== 'vault') return;
    const delay = lease ? nextRenewalDelay({ endsAt: leaseEndsAt }, Date.now()) : pollDelay();
    schedule('credential', delay, keepAlive);
  }

  /** Renews a lease, or looks whether a secret without one has changed. */
  async function keepAlive(): Promise<void> {
    try {
      const { lease } = current ?? {};
      if (lease?.renewable && (await renewLease(lease.id, lease.durationSeconds))) return;
      await fetch();
    } catch {
      // What there is stays in use while Vault is down; at its end it is asked for anew by `get`.
      failures += 1;
      schedule('credential', retryRenewalDelay(failures), keepAlive);
    }
  }

  /** @returns false when the lease doesn't get longer any more, which is normal at its longest life. */
  async function renewLease(id: string, seconds: number): Promise<boolean> {
    const client = await openClient();
    const body = { lease_id: id, increment: seconds };
    const answer = await client.ask({ path: 'sys/leases/renew', body, about: 'a lease' });
    const endsAt = Date.now() + Number(answer.lease_duration) * 1000;
    if (endsAt < Date.now() + (seconds * 1000) / 3) return false;
    leaseEndsAt = endsAt;
    schedule('credential', nextRenewalDelay({ endsAt }, Date.now()), keepAlive);
    return true;
  }

  async function revoke(): Promise<void> {
    const { lease } = current ?? {};
    if (!lease && !loggedInToken) return;
    const client = await openClient();
    // The leases that a login's token made end with it.
    if (loggedInToken) return revokeToken(client);
    await client.ask({
      path: 'sys/leases/revoke',
      body: { lease_id: lease?.id },
      about: 'a lease',
    });
  }

  return {
    async get() {
      const ended = leaseEndsAt !== undefined && leaseEndsAt <= Date.now();
      return current && !ended ? current : fetch();
    },
    async refresh(rejectedVersion) {
      if (current && current.version !== rejectedVersion) return current;
      return fetch();
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      for (const stop of timers.values()) stop();
      await fetching?.catch(() => {});
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = startTimer(REVOKE_MILLIS, resolve);
      // It ends by itself anyway, at its own time.
      await Promise.race([revoke().catch(() => {}), promise]);
      stop();
    },
  };
}
