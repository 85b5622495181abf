import { fieldsOf, type JsonObject } from './fields.ts';
import { RequestError } from './request-error.ts';
import type { Token, VaultState } from './state.ts';
import { grantedTtl, newAccessor, newTokenId, sweepTokens } from './token-life.ts';

/** Who makes a token, and how. */
export interface TokenCreation {
  readonly parent: Token;
  /** The parent's policies give `sudo` here, or are root. */
  readonly sudo: boolean;
  readonly orphan: boolean;
  /** The path of the request, which the token remembers. */
  readonly path: string;
  readonly body: JsonObject;
  readonly now: number;
}

/**
 * Makes a token from the body of `auth/token/create`.
 *
 * @throws RequestError 400 when it would be more than its parent may give.
 */
export function createToken(state: VaultState, creation: TokenCreation) {
  const { parent, sudo, body, now } = creation;
  const fields = fieldsOf(body);
  if (parent.numUses > 0) refuse('restricted use token cannot generate child tokens');
  const type = fields.text('type') ?? '';
  if (type !== '' && type !== 'service') refuse('this server makes service tokens only');

  const numUses = fields.count('num_uses') ?? 0;
  if (numUses < 0) refuse('number of uses cannot be negative');
  const id = fields.text('id') ?? '';
  if (id !== '' && !sudo) refuse('root or sudo privileges required to specify token id');
  if (id.includes('.')) refuse('token ID cannot contain a period');
  if (state.tokens.has(id)) refuse('cannot create a token with a duplicate ID');
  const noParent = fields.flag('no_parent') ?? false;
  if (noParent && !sudo) refuse('root or sudo privileges required to create orphan token');
  const policies = policiesOf(creation, fields.texts('policies'), fields.flag('no_default_policy'));

  const terms = {
    ttl: fields.seconds('ttl') ?? 0,
    period: fields.seconds('period') ?? 0,
    explicitMaxTtl: fields.seconds('explicit_max_ttl') ?? 0,
  };
  if (terms.period > 0 && !sudo) {
    refuse('root or sudo privileges required to create periodic token');
  }
  const endless = policies.includes('root') && !Object.values(terms).some((seconds) => seconds > 0);
  if (endless && parent.expireTime !== null) {
    refuse('expiring root tokens cannot create non-expiring root tokens');
  }
  const { ttl, warnings } = endless ? { ttl: 0, warnings: [] } : grantedTtl(terms, 0, 0);
  const displayName = fields.text('display_name') ?? '';
  const token: Token = {
    id: id || newTokenId(),
    accessor: newAccessor(),
    parent: creation.orphan || noParent ? null : parent.id,
    path: creation.path,
    policies,
    meta: fields.textMap('meta') ?? null,
    displayName: displayName
      ? `token-${displayName}`.replace(/[^a-zA-Z0-9-]/g, '-').replace(/-$/, '')
      : 'token',
    issueTime: now,
    ttl,
    explicitMaxTtl: terms.explicitMaxTtl,
    period: terms.period,
    renewable: !endless && (fields.flag('renewable') ?? true),
    numUses,
    expireTime: endless ? null : now + ttl * 1000,
    lastRenewal: null,
  };
  sweepTokens(state, now);
  state.tokens.set(token.id, token);
  const missing = policies.filter((name) => name !== 'root' && !state.policies.has(name));
  return {
    token,
    warnings: [...warnings, ...missing.map((name) => `Policy "${name}" does not exist`)],
  };
}

function policiesOf(
  { parent, sudo }: TokenCreation,
  asked: readonly string[] | undefined,
  noDefault = false,
): string[] {
  const wanted = sanitize(asked ?? []);
  if (wanted.length === 0) wanted.push(...parent.policies);
  else if (sudo || parent.policies.includes('default')) wanted.push('default');
  const policies = sanitize(wanted).filter((name) => !(noDefault && name === 'default'));
  if (!sudo && !policies.every((name) => parent.policies.includes(name))) {
    refuse('child policies must be subset of parent');
  }
  if (policies.includes('root') && !parent.policies.includes('root')) {
    refuse('root tokens may not be created without parent token being root');
  }
  return policies;
}

/** Sorted, each once; root alone, since it already allows everything. */
function sanitize(names: readonly string[]): string[] {
  const clean = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  return clean.includes('root') ? ['root'] : [...new Set(clean)].sort();
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
