import { randomUUID } from 'node:crypto';
import { callerOf } from './caller.ts';
import { databaseRoutes } from './database-routes.ts';
import type { DatabaseWork } from './database-work.ts';
import type { Answer, Call, Caller, Engine, Operation, Route } from './engine.ts';
import type { JsonObject } from './fields.ts';
import { plainRoutes } from './kv-plain.ts';
import { versionedRoutes } from './kv-versioned.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { collected, RequestError } from './request-error.ts';
import type { Storage } from './storage.ts';
import { systemEngine } from './system-engine.ts';
import { tokenEngine } from './token-engine.ts';
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

/**
 * A Vault without its HTTP: who asks, may they, which engine answers, and in which envelope. What doesn't
 * wait for Postgres happens at once, so that requests can't come between each other.
 */
export function createVault(work: DatabaseWork, keeper: LeaseKeeper) {
  const { storage, now } = work;
  const system = systemEngine(randomUUID(), work);

  return async (request: VaultRequest): Promise<VaultResponse> => {
    const caller = request.token ? callerOf(storage.state, request.token, now()) : undefined;
    const accessor = caller ? { tokenAccessor: caller.token.accessor } : {};
    let settle = false;
    try {
      const { engine, answer } = await perform(request, caller);
      settle = answer?.settle ?? false;
      return { ...respond(request, engine, answer), ...accessor };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { status: error.status, body: { errors: error.errors }, ...accessor };
    } finally {
      // Refused or not: it may have brought something to an end, or been the last use of its token.
      const swept = keeper.sweep();
      if (settle) await swept;
    }
  };

  async function perform(request: VaultRequest, caller: Caller | undefined) {
    const { operation, path, query, body, token, wrapTtl } = request;
    const { state } = storage;
    const engine = engineAt(path);
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
      now: now(),
    };
    if (!route?.open) {
      if (token) spendUse(storage, token);
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
    return { engine, answer };
  }

  /** The engine whose path a request is below; mounts can't overlap. */
  function engineAt(path: string): Engine | undefined {
    const fixed = [system, tokenEngine].find((engine) => path.startsWith(engine.path));
    if (fixed) return fixed;
    const [at, mount] =
      [...storage.state.mounts].find(([mounted]) => path.startsWith(mounted)) ?? [];
    if (at === undefined || !mount) return undefined;
    if (mount.version === 'database') {
      return { path: at, type: 'database', routes: databaseRoutes(at, mount, work) };
    }
    const routes = mount.version === 1 ? plainRoutes(mount) : versionedRoutes(mount);
    return { path: at, type: 'kv', routes };
  }

  function respond(
    { operation, path, wrapTtl }: VaultRequest,
    engine: Engine,
    answer: Answer | undefined,
  ): VaultResponse {
    if (!answer) {
      const asked = operation === 'read' || operation === 'list' || operation === 'patch';
      return asked ? { status: 404, body: { errors: [] } } : { status: 204 };
    }
    const { status = 200, data, bare, wrapInfo } = answer;
    if (status === 202 || status === 204) return { status };
    if (bare) return { status, body: data ?? {} };
    const body = envelope(engine, answer);
    if (wrapTtl > 0 && !wrapInfo && status < 400) {
      const kept = { creationPath: path, creationTime: now(), ttl: wrapTtl, body };
      const info = storage.update((state) => wrapResponse(state, kept));
      return { status, body: envelope(engine, { wrapInfo: info }) };
    }
    // Clients of old releases find what `sys` answers at the top, those of newer ones in `data`.
    return { status, body: engine.type === 'system' ? { ...data, ...body } : body };
  }
}

/** Before it is known whether the path exists: that too is for those who may ask. */
function authorize(request: VaultRequest, call: Call, route: Route | undefined): void {
  if (!request.token) throw new RequestError(403, 'permission denied');
  if (!call.caller) throw new RequestError(403, collected('permission denied', 'invalid token'));
  const creates = call.operation === 'update' && route?.exists?.(call) === false;
  const { rules } = call.caller;
  const allowed = rules.allows(creates ? 'create' : call.operation, call.path);
  if (!allowed || (route?.sudo && !rules.allows('sudo', call.path))) {
    throw new RequestError(403, collected('permission denied'));
  }
}

/**
 * Takes one use of a token that has a number of them; one that wraps has one, which this isn't. Before the
 * request is done: a crash may waste a use, but never gives one away.
 */
function spendUse({ state, update }: Storage, id: string): void {
  if (!state.wrapped.has(id) && !state.tokens.get(id)?.numUses) return;
  update(({ tokens, wrapped }) => {
    wrapped.delete(id);
    const token = tokens.get(id);
    if (token) token.numUses -= 1;
    if (token?.numUses === 0) tokens.delete(id);
  });
}

function envelope(engine: Engine, answer: Answer): JsonObject {
  return {
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
}
