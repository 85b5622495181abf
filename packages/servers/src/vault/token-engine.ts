import type { Answer, Call, Caller, Engine } from './engine.ts';
import { fieldsOf, type JsonObject } from './fields.ts';
import { RequestError } from './request-error.ts';
import type { Token } from './state.ts';
import { createToken } from './token-creation.ts';
import { grantedTtl, liveToken, revokeToken, secondsLeft } from './token-life.ts';

/** `auth/token`: tokens are made, looked up, renewed and revoked. */
export const tokenEngine: Engine = {
  path: 'auth/token/',
  type: 'token',
  routes: [
    { pattern: /^create$/, update: (call) => create(call, false) },
    { pattern: /^create-orphan$/, update: (call) => create(call, true) },
    {
      pattern: /^lookup$/,
      read: (call) => lookup(call, callerOf(call).token),
      update: (call) =>
        lookup(call, call.body.token ? (named(call) ?? badToken()) : callerOf(call).token),
    },
    {
      pattern: /^lookup-self$/,
      read: (call) => lookup(call, callerOf(call).token),
      update: (call) => lookup(call, callerOf(call).token),
    },
    {
      pattern: /^renew$/,
      update: (call) => renew(call, named(call) ?? refuse('token not found')),
    },
    { pattern: /^renew-self$/, update: (call) => renew(call, callerOf(call).token) },
    { pattern: /^revoke$/, update: (call) => revoke(call, named(call)) },
    { pattern: /^revoke-self$/, update: (call) => revoke(call, callerOf(call).token) },
  ],
};

function create(call: Call, orphan: boolean): Answer {
  const { token: parent, rules } = callerOf(call);
  const sudo = parent.policies.includes('root') || rules.allows('sudo', call.path);
  const { path, body, now } = call;
  const made = createToken(call.state, { parent, sudo, orphan, path, body, now });
  return { auth: authOf(made.token, made.token.ttl), warnings: made.warnings };
}

function lookup({ now }: Call, token: Token): Answer {
  const data: JsonObject = {
    accessor: token.accessor,
    creation_time: Math.floor(token.issueTime / 1000),
    creation_ttl: token.ttl,
    display_name: token.displayName,
    entity_id: '',
    expire_time: isoOrNull(token.expireTime),
    explicit_max_ttl: token.explicitMaxTtl,
    id: token.id,
    meta: token.meta,
    num_uses: token.numUses,
    orphan: token.parent === null,
    path: token.path,
    policies: token.policies,
    ttl: secondsLeft(token, now),
    type: 'service',
  };
  if (token.period > 0) data.period = token.period;
  if (token.expireTime !== null) {
    data.issue_time = isoOrNull(token.issueTime);
    data.renewable = token.renewable;
  }
  if (token.lastRenewal !== null) {
    data.last_renewal = isoOrNull(token.lastRenewal);
    data.last_renewal_time = Math.floor(token.lastRenewal / 1000);
  }
  return { data };
}

function renew({ body, now }: Call, token: Token): Answer {
  if (!token.renewable) refuse('lease is not renewable');
  const age = Math.floor((now - token.issueTime) / 1000);
  const increment = fieldsOf(body).seconds('increment') ?? 0;
  const { ttl, warnings } = grantedTtl(token, increment, age);
  token.expireTime = now + ttl * 1000;
  token.lastRenewal = now;
  return { auth: authOf(token, ttl), warnings };
}

function revoke({ state }: Call, token: Token | undefined): Answer {
  if (token) revokeToken(state, token.id);
  return { status: 204, settle: true };
}

function authOf(token: Token, ttl: number): JsonObject {
  return {
    client_token: token.id,
    accessor: token.accessor,
    policies: token.policies,
    token_policies: token.policies,
    metadata: token.meta,
    lease_duration: ttl,
    renewable: token.renewable,
    entity_id: '',
    token_type: 'service',
    orphan: token.parent === null,
    mfa_requirement: null,
    num_uses: token.numUses,
  };
}

/** The live token that the body names. */
function named({ body, state, now }: Call): Token | undefined {
  const id = fieldsOf(body).text('token') || refuse('missing token ID');
  return liveToken(state, id, now);
}

function callerOf({ caller }: Call): Caller {
  if (!caller) throw new RequestError(403, 'permission denied');
  return caller;
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function badToken(): never {
  throw new RequestError(403, 'bad token');
}

function refuse(text: string): never {
  throw new RequestError(400, text);
}
