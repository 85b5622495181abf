import { randomBytes } from 'node:crypto';
import { type DatabaseConfig, databaseAt } from './database-mount.ts';
import type { VaultState } from './state.ts';
import { liveToken } from './token-life.ts';

/** A credential that ends: by its own time, or with the token that it was made with. */
export interface Lease {
  readonly id: string;
  /** The mount with its final slash, and the role there. */
  readonly mount: string;
  readonly role: string;
  readonly username: string;
  /** The database as it was when the user was made: the mount may be gone when it is dropped. */
  readonly config: DatabaseConfig;
  readonly tokenId: string;
  /** Milliseconds since 1970. */
  readonly issueTime: number;
  /** Seconds: what it is given at first and when it is renewed, and at most from its issue. */
  readonly ttl: number;
  readonly maxTtl: number;
  expireTime: number;
  lastRenewal: number | null;
}

export function newLeaseId(mount: string, role: string): string {
  return `${mount}creds/${role}/${randomBytes(18).toString('base64url').slice(0, 24)}`;
}

/** Seconds until a lease ends. */
export function leaseSecondsLeft(lease: Lease, now: number): number {
  return Math.max(0, Math.round((lease.expireTime - now) / 1000));
}

/** Whether a lease is to be ended now. */
export function leaseIsOver(state: VaultState, lease: Lease, now: number): boolean {
  const hasRole = databaseAt(state.mounts, lease.mount)?.roles.has(lease.role) ?? false;
  return lease.expireTime <= now || !liveToken(state, lease.tokenId, now) || !hasRole;
}
