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
import { isNo } from './vault/refusal.ts';
import type { Lease } from './vault/secret.ts';
import { logInService, type ServiceAuth } from './vault/service-auth.ts';
import { revokeToken } from './vault/token.ts';

/** How the credentials of an environment are got. */
export interface CredentialsOptions extends VaultPatience {
  /** Default: `read-only`. */
  readonly mode?: AccessMode;
  /** How a service logs in. Default: with the environment's token. */
  readonly auth?: ServiceAuth | undefined;
  /** Told of each credential that takes another's place. What it throws is ignored. */
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

/** What is kept alive. */
type Task = 'token' | 'credential';

/** When a token that somebody brought is renewed for the first time. */
const FIRST_RENEWAL_MILLIS = 60_000;

/**
 * Opens the credentials of an environment and keeps them alive: token and lease are renewed at two
 * thirds of their lives, a lease that can't be renewed is replaced by another, and while Vault is down
 * what there is goes on being used until it ends. No timer keeps the process alive.
 *
 * @throws nothing by itself; `get` and `refresh` throw AccessError as `fetchCredential` does,
 * `LOGIN_FAILED`, and `CREDENTIALS_MISSING` once they are closed.
 * @example
 * await using credentials = openCredentials(environment, {mode: 'read-only'});
 * const {user, password} = await credentials.get();
 */
export function openCredentials(
  environment: ResolvedEnvironment,
  options: CredentialsOptions = {},
): Credentials {
  const { mode = 'read-only', auth, onChange } = options;
  const timers = new Map<Task, () => void>();
  /** How often each failed in a row. */
  const failures = new Map<Task, number>();
  let vault: Promise<VaultClient> | undefined;
  let current: DatabaseCredential | undefined;
  let fetching: Promise<DatabaseCredential> | undefined;
  let leaseEndsAt = Number.POSITIVE_INFINITY;
  /** All that were made: a user that was replaced may still be connected. */
  const leases = new Set<string>();
  /** How long a service's token lives at first. */
  let tokenSeconds = 0;
  let closed = false;

  function schedule(what: Task, millis: number | undefined, run: () => Promise<unknown>): void {
    timers.get(what)?.();
    timers.delete(what);
    failures.delete(what);
    if (!closed && millis !== undefined) timers.set(what, startTimer(millis, run));
  }

  function tryLater(what: Task, run: () => Promise<unknown>): void {
    const count = (failures.get(what) ?? 0) + 1;
    schedule(what, retryRenewalDelay(count), run);
    failures.set(what, count);
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
    schedule('token', renewalDelay(secondsLeft), renewToken);
    return openVault(environment, options, token);
  }

  async function renewToken(): Promise<void> {
    try {
      const client = await openClient();
      const answer = await client.ask({ path: 'auth/token/renew-self', body: {} });
      const seconds = Number((answer.auth as { lease_duration?: number })?.lease_duration);
      // At its longest life it gets no longer: another is there before this one ends, and with it all
      // that it made.
      if (auth && seconds < tokenSeconds / 2) await logInAgain();
      else if (seconds > 0) schedule('token', renewalDelay(seconds), renewToken);
    } catch (error) {
      if (!isNo(error)) tryLater('token', renewToken);
      // It can't be renewed, or is gone. A person's is used up.
      else if (auth) await logInAgain();
    }
  }

  /** Another token, and another credential by it: what the old token made ends with it. */
  async function logInAgain(): Promise<void> {
    while (fetching) await fetching.catch(() => {});
    if (closed) return;
    vault = undefined;
    await fetch().catch(() => tryLater('token', logInAgain));
  }

  async function fetchOnce(): Promise<DatabaseCredential> {
    const own = ownCredential(environment);
    if (own && !environment.values.vaultAddress) return own();
    const known = vault !== undefined;
    try {
      return await readCredential(await openClient(), mode);
    } catch (error) {
      const code = error instanceof AccessError ? error.code : undefined;
      if (own && code === 'VAULT_UNAVAILABLE' && !usable()) return own();
      // The token of a service's login may have ended: it logs in again, once.
      if (!auth || !known || code !== 'VAULT_TOKEN_INVALID') throw error;
      vault = undefined;
      return readCredential(await openClient(), mode);
    }
  }

  /** One request for all who ask at the same time; one that failed isn't kept. */
  function fetch(): Promise<DatabaseCredential> {
    if (closed) return Promise.reject(closedAlready(environment));
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
    const { lease } = next;
    if (lease) leases.add(lease.id);
    if (lease) extendLease(lease.durationSeconds);
    else {
      leaseEndsAt = Number.POSITIVE_INFINITY;
      // Also when Vault couldn't be reached: it is asked again.
      if (environment.values.vaultAddress) schedule('credential', pollDelay(), keepAlive);
    }
    try {
      if (changed) onChange?.(next);
    } catch {
      // The fault is the listener's; the credential is as good as before.
    }
    return next;
  }

  function extendLease(seconds: number): void {
    leaseEndsAt = Date.now() + seconds * 1000;
    schedule('credential', renewalDelay(seconds), keepAlive);
  }

  /** Renews a lease, or looks whether a secret without one has changed. */
  async function keepAlive(): Promise<void> {
    try {
      if (current?.lease?.renewable && (await renewLease(current.lease))) return;
      await fetch();
    } catch {
      // What there is stays in use while Vault is down; when it has ended, `get` asks for another.
      tryLater('credential', keepAlive);
    }
  }

  /** @returns false when the lease can't be made much longer, which is normal at its longest life. */
  async function renewLease({ id, durationSeconds }: Lease): Promise<boolean> {
    const body = { lease_id: id, increment: durationSeconds };
    try {
      const client = await openClient();
      const answer = await client.ask({ path: 'sys/leases/renew', body, about: 'a lease' });
      const seconds = Number(answer.lease_duration);
      if (!(seconds >= durationSeconds / 2)) return false;
      extendLease(seconds);
      return true;
    } catch (error) {
      if (isNo(error)) return false;
      throw error;
    }
  }

  async function revoke(): Promise<void> {
    await fetching?.catch(() => {});
    const client = await vault;
    if (!client) return;
    // The leases that a login's token made end with it.
    if (auth) return revokeToken(client);
    await Promise.allSettled(
      [...leases].map((lease_id) => {
        // Else Vault answers 202 before it is done, which node-vault takes for a fault.
        const body = { lease_id, sync: true };
        return client.ask({ path: 'sys/leases/revoke', body, about: 'a lease' });
      }),
    );
  }

  /** What there is, unless it has ended. */
  function usable(): DatabaseCredential | undefined {
    return closed || leaseEndsAt <= Date.now() ? undefined : current;
  }

  return {
    async get() {
      return usable() ?? fetch();
    },
    async refresh(rejectedVersion) {
      const found = usable();
      return found && found.version !== rejectedVersion ? found : fetch();
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      for (const stop of timers.values()) stop();
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = startTimer(REVOKE_MILLIS, resolve);
      // It ends by itself anyway, at its own time.
      await Promise.race([revoke().catch(() => {}), promise]);
      stop();
    },
  };
}

function renewalDelay(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : nextRenewalDelay(seconds * 1000);
}

function closedAlready({ name }: ResolvedEnvironment): AccessError {
  const message = `The credentials of ${name} were closed already.`;
  return new AccessError('CREDENTIALS_MISSING', message, {
    environment: name,
    suggestions: ['Open others, or close these later.'],
  });
}
