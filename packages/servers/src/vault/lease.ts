import type { VaultState } from './state.ts';
import { tokenEnd } from './token-life.ts';

/** Vault's promise that a user which it made holds for a while. Times in milliseconds since 1970. */
export interface Lease {
  /** Begins with the path that was read. */
  readonly id: string;
  /** The mount with its final slash, and the role there. */
  readonly mount: string;
  readonly role: string;
  readonly username: string;
  /** What the role said, for when it is gone. */
  readonly dbName: string;
  readonly revocationStatements: readonly string[];
  /** It ends with the token that it was asked for with. */
  readonly tokenId: string;
  readonly issueTime: number;
  expireTime: number;
  lastRenewal: number | null;
}

/** When a lease ends: by its own time, or before with its token. 0 when that is gone. */
export function leaseEnd(state: VaultState, lease: Lease): number {
  return Math.min(lease.expireTime, tokenEnd(state, lease.tokenId));
}
