import { randomUUID } from 'node:crypto';
import { accessRules, ROOT_RULES } from './access-rules.ts';
import { databaseRoutes } from './database-routes.ts';
import type { Answer, Call, Caller, Engine, Operation, Route } from './engine.ts';
import type { JsonObject } from './fields.ts';
import { plainRoutes } from './kv-plain.ts';
import { versionedRoutes } from './kv-versioned.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { parsePolicy } from './policy-document.ts';
import { collected, RequestError } from './request-error.ts';
import type { Token, VaultState } from './state.ts';
import type { Storage } from './storage.ts';
import { systemEngine } from './system-engine.ts';
import { tokenEngine } from './token-engine.ts';
import { liveToken } from './token-life.ts';
import { wrapResponse } from './wrapped-response.ts';

/** A request, as far as it doesn't depend on HTTP. */
export interface VaultRequest {
  readonly operation: Operation;
  /** Without `/v1/`; when listing, with a slash at its end. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly token: string | undefined;
  /** Seconds for which the answer is asked to be wrapped; 0: not at all. */
  readonly wrapTtl: number;
}

/** What goes back, as far as it doesn't depend on HTTP. */
export interface VaultResponse {
  readonly status: number;
  readonly body?: JsonObject;
  readonly tokenAccessor?: string;
}

/** The envelope of an answer that was wrapped. */
const EMPTY = {
  lease_id: '',
  renewable: false,
  lease_duration: 0,
  data: null,
  warnings: null,
  auth: null,
};

/**
 * A Vault without its HTTP: who asks, may they, which engine answers, and in which envelope.
 * Everything happens at once, so that requests can't come between each other.
 */
export function createVault(storage: Storage, now: () => number, leases: LeaseKeeper) {
  const system = systemEngine(randomUUID());

  return async (request: VaultRequest): Promise<VaultResponse> => {
    const response = await answered(request);
    // A token that was revoked takes its leases along.
    if (storage.state.leases.size > 0) await leases.sweep();
    return response;
  };

  async function answered(request: VaultRequest): Promise<VaultResponse> {
    let caller: Caller | undefined;
    try {
      caller = callerOf(storage.state, request.token, now());
      const { call, engine, answer } = await perform(request, caller);
      const response = respond(call, engine, answer);
      return { ...wrapped(request, response), ...accessorOf(caller) };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { status: error.status, body: { errors: error.errors }, ...accessorOf(caller) };
    }
  }

  /** What was asked to be wrapped is kept here, and only its token is given out. */
  function wrapped({ path, wrapTtl }: VaultRequest, response: VaultResponse): VaultResponse {
    const { body } = response;
    if (wrapTtl === 0 || !body || response.status >= 400 || body.wrap_info) return response;
    const kept = { creationPath: path, creationTime: now(), ttl: wrapTtl, body };
    const info = storage.update((state) => wrapResponse(state, kept));
    return { ...response, body: { ...EMPTY, request_id: body.request_id, wrap_info: info } };
  }

  async function perform(request: VaultRequest, caller: Caller | undefined) {
    const { operation, path, query, body, token, wrapTtl } = request;
    const { state } = storage;
    const engine = findEngine(state, system, path);
    const below = path.slice(engine?.path.length);
    const route = engine?.routes.find(({ pattern }) => pattern.test(below));
    const captures = route?.pattern.exec(below)?.slice(1) ?? [];
    const call: Call = {
      operation,
      path,
      captures,
      body,
      query,
      caller,
      token,
      wrapTtl,
      state,
      change: storage.update,
      now: now(),
    };
    if (!route?.open) {
      if (caller) spendUse(storage, caller.token);
      authorize(request, call, route);
    }
    if (!engine) {
      throw new RequestError(404, `no handler for route "${path}". route entry not found.`);
    }
    if (!route) throw new RequestError(404, collected('unsupported path'));
    if (operation === 'update' && path.endsWith('/')) {
      throw new RequestError(400, "cannot write to a path ending in '/'");
    }
    const handler = route[operation];
    if (!handler) throw new RequestError(405, collected('unsupported operation'));
    const reads = operation === 'read' || operation === 'list';
    const answer = await (reads ? handler(call) : storage.update(() => handler(call)));
    return { call, engine, answer };
  }
}

/** Before it is known whether the path exists: that too is for those who may ask. */
function authorize(request: VaultRequest, call: Call, route: Route | undefined): void {
  if (!request.token) throw new RequestError(403, 'permission denied');
  if (!call.caller) throw new RequestError(403, collected('permission denied', 'invalid token'));
  const creates = call.operation === 'update' && route?.exists?.(call) === false;
  if (!call.caller.rules.allows(creates ? 'create' : call.operation, call.path)) {
    throw new RequestError(403, collected('permission denied'));
  }
}

/** The engine whose path a request is below; the longest one, where mounts can't overlap anyway. */
function findEngine(state: VaultState, system: Engine, path: string): Engine | undefined {
  const fixed = [system, tokenEngine].find((engine) => path.startsWith(engine.path));
  if (fixed) return fixed;
  for (const [mountPath, mount] of state.mounts) {
    if (path.startsWith(mountPath)) {
      if (mount.version === 'database') {
        return { path: mountPath, type: 'database', routes: databaseRoutes(mountPath, mount) };
      }
      const routes = mount.version === 1 ? plainRoutes(mount) : versionedRoutes(mount);
      return { path: mountPath, type: 'kv', routes };
    }
  }
  return undefined;
}

/** Who holds a live token. */
function callerOf(state: VaultState, id: string | undefined, now: number): Caller | undefined {
  const token = id ? liveToken(state, id, now) : undefined;
  if (!token) return undefined;
  if (token.policies.includes('root')) return { token, rules: ROOT_RULES };
  const documents = token.policies.map((name) => state.policies.get(name) ?? '');
  return { token, rules: accessRules(documents.flatMap(parsePolicy)) };
}

/**
 * Takes one use of a token that has a number of them. Before the request is done: a crash may waste
 * a use, but never gives one away.
 */
function spendUse(storage: Storage, token: Token): void {
  if (token.numUses === 0) return;
  storage.update((state) => {
    token.numUses -= 1;
    if (token.numUses === 0) state.tokens.delete(token.id);
  });
}

function accessorOf(caller: Caller | undefined): { tokenAccessor?: string } {
  return caller ? { tokenAccessor: caller.token.accessor } : {};
}

function respond({ operation }: Call, engine: Engine, answer: Answer | undefined): VaultResponse {
  if (!answer) {
    const asked = operation === 'read' || operation === 'list' || operation === 'patch';
    return asked ? { status: 404, body: { errors: [] } } : { status: 204 };
  }
  const status = answer.status ?? 200;
  if (status === 204) return { status };
  if (answer.bare) return { status, body: answer.data ?? {} };
  const envelope = {
    request_id: randomUUID(),
    lease_id: answer.lease?.id ?? '',
    renewable: answer.lease?.renewable ?? false,
    lease_duration: answer.lease?.seconds ?? answer.leaseDuration ?? 0,
    data: answer.data ?? null,
    wrap_info: answer.wrapInfo ?? null,
    warnings: answer.warnings?.length ? answer.warnings : null,
    auth: answer.auth ?? null,
    mount_type: engine.type,
  };
  // Clients of old releases find what `sys` answers at the top, those of newer ones in `data`.
  return { status, body: engine.type === 'system' ? { ...answer.data, ...envelope } : envelope };
}
