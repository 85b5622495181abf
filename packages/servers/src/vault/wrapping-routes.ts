import type { Answer, Call, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { collected, RequestError } from './request-error.ts';
import { type WrappedResponse, wrappedBy, wrapResponse } from './wrapped-response.ts';

/** `sys/wrapping`: what was wrapped is looked at, taken out, or wrapped anew. */
export const wrappingRoutes: readonly Route[] = [
  { pattern: /^wrapping\/wrap$/, update: wrap },
  { pattern: /^wrapping\/lookup$/, open: true, read: lookUp, update: lookUp },
  { pattern: /^wrapping\/unwrap$/, open: true, update: unwrap },
  { pattern: /^wrapping\/rewrap$/, update: rewrap },
];

function wrap({ body, wrapTtl }: Call): Answer {
  if (wrapTtl === 0) {
    throw new RequestError(400, 'endpoint requires response wrapping to be used');
  }
  return { data: body };
}

function lookUp(call: Call): Answer {
  const { creationPath, creationTime, ttl } = found(call).wrapped;
  return {
    data: {
      creation_path: creationPath,
      creation_time: new Date(creationTime).toISOString(),
      creation_ttl: ttl,
    },
  };
}

function unwrap(call: Call): Answer {
  const { id, wrapped } = found(call);
  // A token that wraps may open itself; else whoever names it needs a token of their own that allows it.
  if (id !== call.token && !call.caller?.rules.allows('update', call.path)) {
    throw new RequestError(403, collected('permission denied'));
  }
  call.state.wrapped.delete(id);
  return { bare: true, data: wrapped.body };
}

function rewrap(call: Call): Answer {
  const { id, wrapped } = found(call);
  call.state.wrapped.delete(id);
  return { wrapInfo: wrapResponse(call.state, { ...wrapped, creationTime: call.now }) };
}

function found({ body, token, state, now }: Call): { id: string; wrapped: WrappedResponse } {
  const id = fieldsOf(body).text('token') || token || '';
  const wrapped = wrappedBy(state, id, now);
  if (!wrapped) {
    throw new RequestError(400, 'wrapping token is not valid or does not exist');
  }
  return { id, wrapped };
}
