import { callerOf } from './caller.ts';
import type { Answer, Call, Caller, Route } from './engine.ts';
import { fieldsOf } from './fields.ts';
import { parsePolicy } from './policy-document.ts';
import { RequestError } from './request-error.ts';

/** `sys/policies/acl`, its older form `sys/policy`, and what a token may do by them. */
export const policyRoutes: readonly Route[] = [
  { pattern: /^policies\/acl\/?$/, list: list },
  policyRoute(/^policies\/acl\/(.+)$/, (name, policy) => ({ name, policy })),
  { pattern: /^policy\/?$/, list: list, read: list },
  policyRoute(/^policy\/(.+)$/, (name, rules) => ({ name, rules })),
  { pattern: /^capabilities-self$/, update: (call) => capabilities(call, call.caller) },
  {
    pattern: /^capabilities$/,
    update(call): Answer {
      const id = fieldsOf(call.body).text('token') ?? '';
      if (id === '') throw new RequestError(400, 'missing token');
      const holder = callerOf(call.state, id, call.now);
      if (!holder) throw new RequestError(400, 'invalid token');
      return capabilities(call, holder);
    },
  },
];

function policyRoute(
  pattern: RegExp,
  describe: (name: string, document: string) => Record<string, string>,
): Route {
  return {
    pattern,
    read(call): Answer | undefined {
      const name = nameOf(call);
      const document = name === 'root' ? '' : call.state.policies.get(name);
      return document === undefined ? undefined : { data: describe(name, document) };
    },
    update(call): undefined {
      const name = nameOf(call);
      if (name === 'root') throw new RequestError(400, 'cannot update "root" policy');
      const fields = fieldsOf(call.body);
      const given = fields.text('policy') || fields.text('rules');
      if (!given) throw new RequestError(400, "'policy' parameter not supplied or empty");
      const document = decoded(given);
      parsePolicy(document);
      call.state.policies.set(name, document);
    },
    delete(call): undefined {
      const name = nameOf(call);
      if (name === 'root') throw new RequestError(400, 'cannot delete "root" policy');
      if (name === 'default') throw new RequestError(400, 'cannot delete default policy');
      call.state.policies.delete(name);
    },
  };
}

function list({ state }: Call): Answer {
  const keys = [...state.policies.keys(), 'root'].sort();
  return { data: { keys, policies: keys } };
}

function capabilities({ body }: Call, holder: Caller | undefined): Answer {
  const fields = fieldsOf(body);
  // The newer field counts, unless it is empty.
  const given = [fields.texts('paths'), fields.texts('path')].find((texts) => texts?.join(''));
  if (!given) throw new RequestError(400, 'paths must be supplied');
  const paths = given.map((path) => path.trim());
  if (paths.includes('')) throw new RequestError(400, 'missing path');
  const found = paths.map((path) => [path, holder?.rules.capabilities(path) ?? ['deny']] as const);
  const data: Record<string, unknown> = Object.fromEntries(found);
  if (found.length === 1) data.capabilities = found[0]?.[1];
  return { data };
}

function nameOf({ captures }: Call): string {
  return (captures[0] ?? '').trim().toLowerCase();
}

/** A policy may be sent in base64, to spare its author the escapes. */
function decoded(text: string): string {
  const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  return base64 ? Buffer.from(text, 'base64').toString('utf8') : text;
}
