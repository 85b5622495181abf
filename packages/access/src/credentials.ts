import {
  type AccessMode,
  type DatabaseCredential,
  ownCredential,
  readCredential,
} from './database-credential.ts';
import type { ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import { type CredentialStatus, HeldCredential, type HoldingOptions } from './held-credential.ts';
import { coolDownDelay, startTimer } from './lease-policy.ts';
import type { VaultPatience } from './vault/client.ts';
import type { ServiceAuth } from './vault/service-auth.ts';
import { openSession } from './vault/session.ts';

/** How the credentials of an environment are got. */
export interface CredentialsOptions extends VaultPatience, HoldingOptions {
  /** Default: `read-only`. */
  readonly mode?: AccessMode;
  /** How a service logs in. Default: with the environment's token. */
  readonly auth?: ServiceAuth | undefined;
}

/** A credential that stays usable for as long as it is open. */
export interface Credentials extends AsyncDisposable {
  /** The credential to connect with now; Vault is asked only when there is none that holds. */
  get(): Promise<DatabaseCredential>;
  /**
   * Another credential in place of one that Postgres has refused: asked for once, however many callers
   * come with the same one. When Vault gives the same again, it is left alone for a while, of 1 s to 30 s,
   * in which the refused one is what there is.
   *
   * @param rejectedVersion the version of the one that was refused.
   * @param options.insist ask even then, for somebody who knows that there is another. Default: false.
   */
  refresh(rejectedVersion: string, options?: { insist?: boolean }): Promise<DatabaseCredential>;
  status(): CredentialStatus;
  /** Ends what was made for this reader alone: its leases, and the token of a service's login. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How long the end may take: whoever leaves doesn't wait for a Vault that is down. */
const REVOKE_MILLIS = 1000;
/** How long Vault isn't asked again after it has said no. */
const REFUSED_MILLIS = 1000;

const NOT_COOLING = { version: '', times: 0, until: 0 };

/**
 * Opens the credentials of an environment and keeps them alive: token and lease are renewed at two
 * thirds of their lives, a lease that can't be renewed is replaced by another, a secret without one is
 * looked at every five minutes while somebody asks for it, and while Vault is down what there is goes on
 * being used until it ends. No timer keeps the process alive.
 *
 * @throws nothing by itself; `get` and `refresh` throw AccessError as `fetchCredential` does,
 * `LOGIN_FAILED`, and `CREDENTIALS_MISSING` once they are closed. Vault's no is repeated to all who `get`
 * within a second.
 * @example
 * await using credentials = openCredentials(environment, {mode: 'read-only'});
 * const {user, password} = await credentials.get();
 */
export function openCredentials(
  environment: ResolvedEnvironment,
  options: CredentialsOptions = {},
): Credentials {
  const { mode = 'read-only' } = options;
  const hasVault = environment.values.vaultAddress !== undefined;
  const own = ownCredential(environment);
  const session = openSession(environment, options, fetchByNewToken);
  const held = new HeldCredential(hasVault ? session : undefined, fetch, options);
  let fetching: Promise<DatabaseCredential> | undefined;
  let refreshing: Promise<DatabaseCredential> | undefined;
  let refused: { readonly error: unknown; readonly until: number } | undefined;
  /** Of the version that Vault gave again although it had been refused. */
  let coolDown = NOT_COOLING;
  let closed = false;

  /** One request for all who ask at the same time. */
  function fetch(): Promise<DatabaseCredential> {
    if (closed) return Promise.reject(closedAlready(environment));
    fetching ??= fetchOnce()
      .then((next) => {
        if (next.version !== coolDown.version) coolDown = NOT_COOLING;
        return held.accept(next);
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  }

  async function fetchOnce(): Promise<DatabaseCredential> {
    if (own && !hasVault) return own();
    try {
      return await session.use((client) => readCredential(client, mode));
    } catch (error) {
      const unreachable = error instanceof AccessError && error.code === 'VAULT_UNAVAILABLE';
      if (own && unreachable && !held.usable) return own();
      // Silence is no answer, and not remembered as one.
      if (!unreachable) refused = { error, until: Date.now() + REFUSED_MILLIS };
      throw error;
    }
  }

  /** Counts how often Vault gives the same again. */
  async function fetchOther(rejectedVersion: string): Promise<DatabaseCredential> {
    const next = await fetch().catch((error: unknown) => {
      if (!closed && held.usable) held.failToConfirm();
      throw error;
    });
    if (next.version === rejectedVersion) {
      const times = coolDown.times + 1;
      coolDown = { version: rejectedVersion, times, until: Date.now() + coolDownDelay(times) };
    }
    return next;
  }

  /** What the old token made ends with it. */
  async function fetchByNewToken(): Promise<void> {
    while (fetching) await fetching.catch(() => {});
    if (!closed) await fetch();
  }

  async function revoke(): Promise<void> {
    await fetching?.catch(() => {});
    await session.revoke(held.leases);
  }

  return {
    async get() {
      const found = held.take();
      if (found) return found;
      if (refused && Date.now() < refused.until) throw refused.error;
      return fetch();
    },
    async refresh(rejectedVersion, { insist = false } = {}) {
      const found = held.take();
      const cooling =
        !insist && coolDown.version === rejectedVersion && Date.now() < coolDown.until;
      if (found && (found.version !== rejectedVersion || cooling)) return found;
      refreshing ??= fetchOther(rejectedVersion).finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    status() {
      return held.status();
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      held.end();
      session.stop();
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = startTimer(REVOKE_MILLIS, resolve);
      // It ends by itself anyway, at its own time.
      await Promise.race([revoke().catch(() => {}), promise]);
      stop();
    },
  };
}

function closedAlready({ name }: ResolvedEnvironment): AccessError {
  const message = `The credentials of ${name} were closed already.`;
  return new AccessError('CREDENTIALS_MISSING', message, {
    environment: name,
    suggestions: ['Open others, or close these later.'],
  });
}
