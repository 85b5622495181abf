import { randomBytes } from 'node:crypto';
import { shortDuration } from './duration.ts';
import type { Token, VaultState } from './state.ts';

/** Vault's default for both the usual and the longest life of a token: 32 days. */
const SYSTEM_MAX_TTL = 768 * 3600;

/** The token with an id, if it and all tokens above it still live. */
export function liveToken(state: VaultState, id: string, now: number): Token | undefined {
  return tokenEnd(state, id) > now ? state.tokens.get(id) : undefined;
}

/** When a token ends: with its own life, or with that of one above it. 0 when it is gone. */
export function tokenEnd(state: VaultState, id: string): number {
  const token = state.tokens.get(id);
  if (!token) return 0;
  const own = token.expireTime ?? Number.POSITIVE_INFINITY;
  return token.parent === null ? own : Math.min(own, tokenEnd(state, token.parent));
}

/** Seconds that are left; 0 for a token that doesn't end. */
export function secondsLeft(token: Token, now: number): number {
  return token.expireTime === null ? 0 : Math.floor((token.expireTime - now) / 1000);
}

/** Removes a token and all that descend from it. */
export function revokeToken(state: VaultState, id: string): void {
  state.tokens.delete(id);
  for (const token of [...state.tokens.values()]) {
    if (token.parent === id) revokeToken(state, token.id);
  }
}

/** Removes what no longer lives, so that the state doesn't grow. */
export function sweepTokens(state: VaultState, now: number): void {
  for (const id of [...state.tokens.keys()]) {
    if (!liveToken(state, id, now)) state.tokens.delete(id);
  }
}

/** What decides how long a token lives. All in seconds, 0 for what isn't set. */
export interface TokenTerms {
  readonly ttl: number;
  readonly period: number;
  readonly explicitMaxTtl: number;
}

/**
 * The seconds that a token gets when it is made or renewed.
 *
 * @param increment what was asked for; 0 for the terms' own.
 * @param age seconds since it was made.
 */
export function grantedTtl(terms: TokenTerms, increment: number, age: number) {
  const max = Math.min(terms.explicitMaxTtl || SYSTEM_MAX_TTL, SYSTEM_MAX_TTL);
  const warnings: string[] = [];
  const cap = (what: string, wanted: number, limit: number) => {
    if (wanted <= limit) return wanted;
    const [from, to] = [shortDuration(wanted), shortDuration(limit)];
    const value = what === 'period' ? 'period value' : 'TTL value';
    warnings.push(
      `${what} of "${from}" exceeded the effective max_ttl of "${to}"; ${value} is capped accordingly`,
    );
    return limit;
  };
  if (terms.period > 0) {
    const period = cap('period', terms.period, max);
    const left = terms.explicitMaxTtl > 0 ? terms.explicitMaxTtl - age : Number.POSITIVE_INFINITY;
    return { ttl: cap('TTL', period, left), warnings };
  }
  const wanted = increment || terms.ttl || SYSTEM_MAX_TTL;
  return { ttl: cap('TTL', wanted, max - age), warnings };
}

/** The root token, in place of the one there was. */
export function setRootToken(state: VaultState, id: string, now: number): void {
  if (state.rootToken === id) return;
  revokeToken(state, state.rootToken);
  state.rootToken = id;
  state.tokens.set(id, {
    id,
    accessor: newAccessor(),
    parent: null,
    path: 'auth/token/root',
    policies: ['root'],
    meta: null,
    displayName: 'root',
    issueTime: now,
    ttl: 0,
    explicitMaxTtl: 0,
    period: 0,
    renewable: false,
    numUses: 0,
    expireTime: null,
    lastRenewal: null,
  });
}

export function newTokenId(): string {
  return `hvs.${randomBytes(24).toString('base64url')}`;
}

export function newAccessor(): string {
  return randomBytes(18).toString('base64url');
}
