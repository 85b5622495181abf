import { setTimeout as sleep } from 'node:timers/promises';
import type { Credentials, DatabaseCredential } from '@spire/access';
import { SpireDBError } from './errors.ts';
import { CHECK_CREDENTIAL } from './postgres-error.ts';

/** Pauses in which a password that was changed in one place may arrive in the other. */
const GRACE_MILLIS = [1000, 2000];
const SHORTEST_COOL_DOWN_MILLIS = 1000;
const LONGEST_COOL_DOWN_MILLIS = 30_000;

/**
 * Where new connections get their credential. One that no connection vouches for is tried by one alone,
 * while the others wait for what becomes of it: a wrong password doesn't come tenfold, and Vault is asked
 * once however many callers there are.
 */
export class CredentialGate {
  readonly #credentials: Credentials;
  readonly #environment: string;
  /** How many connections were let in with each version. */
  readonly #living = new Map<string, number>();
  #trial: PromiseWithResolvers<void> | undefined;
  #everAccepted = false;
  #refusal: Refusal | undefined;
  /** The one that was given out last. */
  latest: DatabaseCredential | undefined;

  constructor(credentials: Credentials, environment: string) {
    this.#credentials = credentials;
    this.#environment = environment;
  }

  /**
   * The credential to connect with. Whoever gets one says what became of it: `accepted`, `refused` or
   * `failed`.
   *
   * @throws AccessError; SpireDBError `AUTHENTICATION_FAILED` while one that was refused cools down.
   */
  async enter(): Promise<DatabaseCredential> {
    for (;;) {
      const credential = await this.#credentials.get();
      const { version } = credential;
      this.latest = credential;
      const refusal = this.#refusal?.version === version ? this.#refusal : undefined;
      if (refusal?.recovery) {
        await refusal.recovery;
        continue;
      }
      if (refusal && Date.now() < refusal.coolUntil) throw this.#refused();
      if (this.#living.has(version)) return credential;
      if (!this.#trial) {
        this.#trial = Promise.withResolvers();
        return credential;
      }
      await this.#trial.promise;
    }
  }

  /** It was let in. */
  accepted(version: string): void {
    this.#everAccepted = true;
    this.#refusal = undefined;
    this.#living.set(version, (this.#living.get(version) ?? 0) + 1);
    this.#endTrial();
  }

  /** It got no answer. */
  failed(): void {
    this.#endTrial();
  }

  /** A connection was lost: others may be as dead without knowing it yet, so that none vouches. */
  lost(version: string): void {
    this.#living.delete(version);
  }

  /** A connection that was let in has ended. */
  left(version: string): void {
    const count = (this.#living.get(version) ?? 0) - 1;
    if (count > 0) this.#living.set(version, count);
    else this.#living.delete(version);
  }

  /**
   * Postgres has refused it. Vault is asked anew; where that gives the same one, and connections were let
   * in before, there is a grace in which the new one may arrive.
   *
   * @returns whether it's worth another attempt.
   */
  refused(version: string): Promise<boolean> {
    if (this.#refusal?.version !== version) {
      this.#refusal = { version, graced: false, coolUntil: 0, coolMillis: 0, recovery: undefined };
    }
    const refusal = this.#refusal;
    refusal.recovery ??= this.#recover(refusal).finally(() => {
      refusal.recovery = undefined;
    });
    this.#endTrial();
    return refusal.recovery;
  }

  async #recover(refusal: Refusal): Promise<boolean> {
    if (await this.#hasChanged(refusal.version)) return true;
    if (this.#everAccepted && !refusal.graced) {
      refusal.graced = true;
      for (const pause of GRACE_MILLIS) {
        await sleep(pause, undefined, { ref: false });
        if (await this.#hasChanged(refusal.version)) return true;
      }
      // Where it was changed in Vault first, the same one may be right by now.
      return true;
    }
    refusal.coolMillis = Math.min(
      Math.max(refusal.coolMillis * 2, SHORTEST_COOL_DOWN_MILLIS),
      LONGEST_COOL_DOWN_MILLIS,
    );
    refusal.coolUntil = Date.now() + refusal.coolMillis;
    return false;
  }

  /** What Vault can't answer hasn't: what there is was refused. */
  async #hasChanged(version: string): Promise<boolean> {
    try {
      return (await this.#credentials.refresh(version)).version !== version;
    } catch {
      return false;
    }
  }

  #endTrial(): void {
    this.#trial?.resolve();
    this.#trial = undefined;
  }

  #refused(): SpireDBError {
    const environment = this.#environment;
    const message = `Postgres refuses the password in ${environment}, and Vault has no other.`;
    return new SpireDBError('AUTHENTICATION_FAILED', message, {
      environment,
      suggestions: [CHECK_CREDENTIAL],
    });
  }
}

/** What is known of a version that Postgres refuses. */
interface Refusal {
  readonly version: string;
  graced: boolean;
  coolUntil: number;
  coolMillis: number;
  /** Runs while Vault is asked for another. */
  recovery: Promise<boolean> | undefined;
}
