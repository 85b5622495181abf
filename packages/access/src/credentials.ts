import {
  type AccessMode,
  type DatabaseCredential,
  ownCredential,
  readCredential,
} from './database-credential.ts';
import type { ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import { nextRenewalDelay, pollDelay, retryRenewalDelay, startTimer } from './lease-policy.ts';
import { openVault, type VaultClient, type VaultPatience } from './vault/client.ts';
import type { Lease } from './vault/secret.ts';
import { logInService, type ServiceAuth } from './vault/service-auth.ts';
import { revokeToken } from './vault/token.ts';

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

/** When a token that somebody brought is renewed for the first time. */
const FIRST_RENEWAL_MILLIS = 60_000;

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
  const timers = new Map<'token' | 'credential', () => void>();
  let vault: Promise<VaultClient> | undefined;
  let current: DatabaseCredential | undefined;
  let fetching: Promise<DatabaseCredential> | undefined;
  let leaseEndsAt: number | undefined;
  /** All that were made: a user that was replaced may still be connected. */
  const leases = new Set<string>();
  let failures = 0;
  /** How long a service's token lives at first. */
  let tokenSeconds = 0;
  let closed = false;

  function schedule(
    what: 'token' | 'credential',
    millis: number | undefined,
    run: () => Promise<unknown>,
  ): void {
    timers.get(what)?.();
    timers.delete(what);
    if (!closed && millis !== undefined) timers.set(what, startTimer(millis, run));
  }

  /** The client that asks with the environment's token, or with the one of a service's login. */
  function openClient(): Promise<VaultClient> {
    vault ??= connect().catch((error: unknown) => {
      vault = undefined;
      throw error;
    });
    return vault;
  }

  async function connect(): Promise<VaultClient> {
    const client = await openVault(environment, options);
    if (!auth) {
      // Not right away: most who come with a token are gone before it has to be renewed.
      schedule('token', FIRST_RENEWAL_MILLIS, renewToken);
      return client;
    }
    const { token, secondsLeft } = await logInService(client, auth);
    tokenSeconds = secondsLeft ?? 0;
    scheduleToken(secondsLeft);
    const vaultToken = { value: token, origin: { kind: 'default' }, overrode: [] } as const;
    const values = { ...environment.values, vaultToken };
    return openVault({ ...environment, values }, options);
  }

  function scheduleToken(secondsLeft: number | undefined): void {
    const endsAt = secondsLeft === undefined ? undefined : Date.now() + secondsLeft * 1000;
    schedule('token', nextRenewalDelay({ endsAt }, Date.now()), renewToken);
  }

  async function renewToken(): Promise<void> {
    try {
      const answer = await (await openClient()).ask({ path: 'auth/token/renew-self', body: {} });
      const seconds = Number((answer.auth as { lease_duration?: number })?.lease_duration);
      // At its longest life it gets no longer: another is there before this one ends, and with it all
      // that it made.
      if (auth && seconds < tokenSeconds / 2) await logInAgain();
      else if (seconds > 0) scheduleToken(seconds);
    } catch (error) {
      const code = error instanceof AccessError ? error.code : undefined;
      const passing = code === 'VAULT_UNAVAILABLE' || code === 'VAULT_RATE_LIMITED';
      if (passing) return schedule('token', retryRenewalDelay(1), renewToken);
      // It can't be renewed, or is gone. A person's is used up; a service logs in again, and what the
      // old token had made ends with it.
      if (auth) await logInAgain().catch(() => schedule('token', retryRenewalDelay(1), renewToken));
    }
  }

  async function logInAgain(): Promise<DatabaseCredential> {
    vault = undefined;
    return fetch();
  }

  async function fetchOnce(): Promise<DatabaseCredential> {
    const own = ownCredential(environment);
    if (own && !environment.values.vaultAddress) return own();
    const known = vault !== undefined;
    try {
      return await readCredential(await openClient(), mode);
    } catch (error) {
      const code = error instanceof AccessError ? error.code : undefined;
      if (own && code === 'VAULT_UNAVAILABLE') return own();
      // The token of a service's login may have ended: it logs in again, once.
      if (!auth || !known || code !== 'VAULT_TOKEN_INVALID') throw error;
      vault = undefined;
      return readCredential(await openClient(), mode);
    }
  }

  /** One request for all who ask at the same time; one that failed isn't kept. */
  function fetch(): Promise<DatabaseCredential> {
    fetching ??= fetchOnce()
      .then(accept)
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  }

  function accept(next: DatabaseCredential): DatabaseCredential {
    const changed = current !== undefined && current.version !== next.version;
    current = next;
    failures = 0;
    const { lease, origin } = next;
    if (lease) leases.add(lease.id);
    leaseEndsAt = lease && Date.now() + lease.durationSeconds * 1000;
    if (origin.kind === 'vault') {
      const delay = lease ? nextRenewalDelay({ endsAt: leaseEndsAt }, Date.now()) : pollDelay();
      schedule('credential', delay, keepAlive);
    }
    if (changed) onChange?.(next);
    return next;
  }

  /** Renews a lease, or looks whether a secret without one has changed. */
  async function keepAlive(): Promise<void> {
    try {
      if (current?.lease?.renewable && (await renewLease(current.lease))) return;
      await fetch();
    } catch {
      // What there is stays in use while Vault is down; when it has ended, `get` asks for another.
      failures += 1;
      schedule('credential', retryRenewalDelay(failures), keepAlive);
    }
  }

  /** @returns false when the lease doesn't get much longer any more, which is normal at its longest life. */
  async function renewLease({ id, durationSeconds }: Lease): Promise<boolean> {
    const body = { lease_id: id, increment: durationSeconds };
    const client = await openClient();
    const answer = await client.ask({ path: 'sys/leases/renew', body, about: 'a lease' });
    const seconds = Number(answer.lease_duration);
    if (seconds < durationSeconds / 2) return false;
    leaseEndsAt = Date.now() + seconds * 1000;
    schedule('credential', nextRenewalDelay({ endsAt: leaseEndsAt }, Date.now()), keepAlive);
    return true;
  }

  async function revoke(): Promise<void> {
    const client = await vault;
    if (!client) return;
    // The leases that a login's token made end with it.
    if (auth) return revokeToken(client);
    for (const lease_id of leases) {
      // Else Vault answers 202 before it is done, which node-vault takes for a fault.
      const body = { lease_id, sync: true };
      await client.ask({ path: 'sys/leases/revoke', body, about: 'a lease' });
    }
  }

  return {
    async get() {
      const ended = leaseEndsAt !== undefined && leaseEndsAt <= Date.now();
      return current && !ended ? current : fetch();
    },
    async refresh(rejectedVersion) {
      return current && current.version !== rejectedVersion ? current : fetch();
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
