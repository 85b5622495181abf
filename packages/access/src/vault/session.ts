import type { ResolvedEnvironment } from '../environment.ts';
import { AccessError } from '../errors.ts';
import { nextRenewalDelay } from '../lease-policy.ts';
import { Renewal } from '../renewal.ts';
import { openVault, type VaultClient, type VaultPatience, withToken } from './client.ts';
import { isNo } from './refusal.ts';
import { logInService, type ServiceAuth } from './service-auth.ts';
import { revokeToken } from './token.ts';

/** A client for Vault whose token is kept alive. */
export interface VaultSession {
  /** Runs with a client. When the token of a service's login has ended, it logs in and runs once more. */
  use<T>(run: (client: VaultClient) => Promise<T>): Promise<T>;
  /** Renews nothing any more. */
  stop(): void;
  /** Ends a service's tokens, and all that they made; of a token that somebody brought, these leases. */
  revoke(leases: Iterable<string>): Promise<void>;
}

/** When a token that somebody brought is renewed for the first time. */
const FIRST_RENEWAL_MILLIS = 60_000;

/**
 * Opens a session with the environment's token, or with the one of a service's login. Nothing is asked
 * until it is used.
 *
 * @param onNewToken is called when a service has to log in again, before its old token ends, and with it
 * all that this one made; when it throws, it is called again later.
 */
export function openSession(
  environment: ResolvedEnvironment,
  { auth, ...patience }: VaultPatience & { readonly auth?: ServiceAuth | undefined },
  onNewToken: () => Promise<unknown>,
): VaultSession {
  const renewal = new Renewal();
  let client: Promise<VaultClient> | undefined;
  /** What it made may still be in use. */
  let previous: Promise<VaultClient> | undefined;
  /** How long a service's token lives at first. */
  let tokenSeconds = 0;
  let stopped = false;

  function open(): Promise<VaultClient> {
    client ??= connect().catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  }

  async function connect(): Promise<VaultClient> {
    const vault = await openVault(environment, patience);
    if (!auth) {
      // Not right away: most who come with a token are gone before it has to be renewed.
      renewal.plan(FIRST_RENEWAL_MILLIS, renew);
      return vault;
    }
    const { token, secondsLeft } = await logInService(vault, auth);
    tokenSeconds = secondsLeft ?? 0;
    planRenewal(secondsLeft);
    return withToken(vault, token);
  }

  function planRenewal(secondsLeft: number | undefined): void {
    renewal.plan(secondsLeft && nextRenewalDelay(secondsLeft * 1000, tokenSeconds * 1000), renew);
  }

  async function renew(): Promise<void> {
    try {
      const answer = await (await open()).ask({ path: 'auth/token/renew-self', body: {} });
      const { auth: renewed } = answer as { auth?: { lease_duration?: number } };
      // Something else may answer at Vault's address for a while.
      if (!renewed) return renewal.tryLater(renew);
      const seconds = Number(renewed.lease_duration);
      // At its longest life it gets no longer: another is there before this one ends, and with it all
      // that it made.
      if (auth && seconds < tokenSeconds / 2) await logInAgain();
      else if (seconds > 0) planRenewal(seconds);
    } catch (error) {
      if (!isNo(error)) renewal.tryLater(renew);
      // It can't be renewed, or is gone. A person's is used up.
      else if (auth) await logInAgain();
    }
  }

  async function logInAgain(): Promise<void> {
    if (stopped) return;
    leave();
    await onNewToken().catch(() => renewal.tryLater(logInAgain));
  }

  function leave(): void {
    previous = client ?? previous;
    client = undefined;
  }

  return {
    async use(run) {
      const known = client;
      try {
        return await run(await open());
      } catch (error) {
        const ended = error instanceof AccessError && error.code === 'VAULT_TOKEN_INVALID';
        if (!auth || !known || !ended) throw error;
        if (client === known) leave();
        return run(await open());
      }
    },
    stop() {
      stopped = true;
      renewal.end();
    },
    async revoke(leases) {
      if (auth) {
        await Promise.allSettled(
          [client, previous].map(async (one) => one && revokeToken(await one)),
        );
        return;
      }
      const vault = await client;
      if (!vault) return;
      await Promise.allSettled(
        [...leases].map((lease_id) => {
          // Else Vault answers 202 before it is done, which node-vault takes for a fault.
          const body = { lease_id, sync: true };
          return vault.ask({ path: 'sys/leases/revoke', body, about: 'a lease' });
        }),
      );
    },
  };
}
