import type { DatabaseCredential } from './database-credential.ts';
import { nextRenewalDelay, pollDelay } from './lease-policy.ts';
import { Renewal } from './renewal.ts';
import { isNo } from './vault/refusal.ts';
import type { Lease } from './vault/secret.ts';
import type { VaultSession } from './vault/session.ts';

/** How long a credential is held, and who is told of it. */
export interface HoldingOptions {
  /**
   * How long a credential without a lease is given out after Vault has confirmed it for the last time.
   * Default: 24 h.
   */
  readonly maxStaleMillis?: number;
  /**
   * Told of each credential that takes another's place. What it throws is ignored.
   *
   * The old one's lease isn't ended: who uses it has until its end. That is more than a quarter of the
   * lease's whole life away, unless the old one was refused, or Vault or its token failed until then.
   */
  readonly onChange?: (next: DatabaseCredential, previous: DatabaseCredential) => void;
  /**
   * Told `true` once when Vault fails to renew or to confirm the credential, which stays in use, and
   * `false` once when it does again. What it throws is ignored.
   */
  readonly onStale?: (stale: boolean) => void;
}

/** How a credential is, without asking anybody. */
export interface CredentialStatus {
  /** Of the one that `get` gives; undefined when it has to ask for one. */
  readonly version: string | undefined;
  /** Whether Vault failed to renew or to confirm it when it was last asked to. */
  readonly stale: boolean;
  /** When it is given out no more unless Vault renews or confirms it; undefined: it never ends. */
  readonly endsAt: Date | undefined;
}

const DAY_MILLIS = 24 * 3600_000;

/** The credential there is: renewed, replaced or looked at in time, and held while Vault is down. */
export class HeldCredential {
  readonly #session: VaultSession | undefined;
  readonly #fetch: () => Promise<unknown>;
  readonly #options: HoldingOptions;
  readonly #renewal = new Renewal();
  /** When each that was made ends: a user that was replaced may still be connected. */
  readonly #leases = new Map<string, number>();
  #current: DatabaseCredential | undefined;
  #endsAt = Number.POSITIVE_INFINITY;
  #stale = false;
  /** Whether anybody has taken it since Vault was asked. */
  #wanted = false;
  #ended = false;

  /**
   * @param session with Vault; undefined where none is configured.
   * @param fetch asks for a credential, and has it accepted.
   */
  constructor(
    session: VaultSession | undefined,
    fetch: () => Promise<unknown>,
    options: HoldingOptions,
  ) {
    this.#session = session;
    this.#fetch = fetch;
    this.#options = options;
  }

  /** What there is, unless it has ended. */
  get usable(): DatabaseCredential | undefined {
    return this.#ended || this.#endsAt <= Date.now() ? undefined : this.#current;
  }

  /** The leases that may still live. */
  get leases(): Iterable<string> {
    return this.#leases.keys();
  }

  /** What there is, for somebody who uses it. */
  take(): DatabaseCredential | undefined {
    this.#wanted = true;
    return this.usable;
  }

  status(): CredentialStatus {
    return {
      version: this.usable?.version,
      stale: this.#stale,
      endsAt: Number.isFinite(this.#endsAt) ? new Date(this.#endsAt) : undefined,
    };
  }

  /** Takes the place of what there was. */
  accept(next: DatabaseCredential): DatabaseCredential {
    const previous = this.#current;
    const fromVault = next.origin.kind === 'vault';
    this.#current = next;
    this.#wanted = false;
    if (next.lease) {
      this.#holdLease(next.lease, next.lease.durationSeconds);
      this.#planRenewal(next.lease, next.lease.durationSeconds);
    } else {
      const { maxStaleMillis = DAY_MILLIS } = this.#options;
      this.#endsAt = fromVault ? Date.now() + maxStaleMillis : Number.POSITIVE_INFINITY;
      if (this.#session) this.#renewal.plan(pollDelay(), this.#keepAlive);
    }
    if (previous && previous.version !== next.version)
      tell(() => this.#options.onChange?.(next, previous));
    // Where Vault couldn't be reached, something else stands in for what it has.
    this.#setStale(this.#session !== undefined && !fromVault);
    return next;
  }

  /** What there is stays in use while Vault is down; when it has ended, another one is asked for. */
  failToConfirm(): void {
    if (this.usable) this.#setStale(true);
    this.#renewal.tryLater(this.#keepAlive);
  }

  /** Nothing is renewed any more. */
  end(): void {
    this.#ended = true;
    this.#renewal.end();
  }

  /** @param seconds that it still lives. */
  #holdLease({ id }: Lease, seconds: number): void {
    this.#endsAt = Date.now() + seconds * 1000;
    for (const [old, end] of this.#leases) if (end < Date.now()) this.#leases.delete(old);
    this.#leases.set(id, this.#endsAt);
  }

  #planRenewal({ durationSeconds }: Lease, seconds: number): void {
    this.#renewal.plan(nextRenewalDelay(seconds * 1000, durationSeconds * 1000), this.#keepAlive);
  }

  /** Renews a lease, or looks whether a secret without one has changed. */
  readonly #keepAlive = async (): Promise<void> => {
    const lease = this.#current?.lease;
    // Vault isn't asked for nobody; only where it gave no answer it still has to.
    if (!lease && !this.#wanted && !this.#stale) {
      this.#renewal.plan(pollDelay(), this.#keepAlive);
      return;
    }
    try {
      if (lease?.renewable && (await this.#renewLease(lease))) return;
      await this.#fetch();
    } catch {
      this.failToConfirm();
    }
  };

  /** @returns false when the lease can't be made much longer, which is normal at its longest life. */
  async #renewLease(lease: Lease): Promise<boolean> {
    const { id, durationSeconds } = lease;
    const body = { lease_id: id, increment: durationSeconds };
    try {
      const answer = await this.#session?.use((client) =>
        client.ask({ path: 'sys/leases/renew', body, about: 'a lease' }),
      );
      // Another one may have taken its place in the meantime.
      if (this.#current?.lease !== lease) return true;
      const seconds = Number(answer?.lease_duration);
      if (seconds > 0) this.#holdLease(lease, seconds);
      if (!(seconds >= durationSeconds / 2)) return false;
      this.#planRenewal(lease, seconds);
      this.#setStale(false);
      return true;
    } catch (error) {
      if (isNo(error)) return false;
      throw error;
    }
  }

  #setStale(stale: boolean): void {
    if (this.#stale === stale) return;
    this.#stale = stale;
    tell(() => this.#options.onStale?.(stale));
  }
}

/** The fault of a listener is its own; the credential is as good as before. */
function tell(listener: () => void): void {
  try {
    listener();
  } catch {}
}
