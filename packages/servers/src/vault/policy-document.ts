import { isJsonObject } from './fields.ts';
import { HclFault, parseHcl } from './hcl.ts';
import { RequestError } from './request-error.ts';

const CAPABILITIES = [
  'create',
  'read',
  'update',
  'patch',
  'delete',
  'list',
  'sudo',
  'deny',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** A path of a policy, with `*` at its end or `+` for a segment, and what it allows there. */
export interface Rule {
  readonly pattern: string;
  readonly capabilities: ReadonlySet<Capability>;
}

/** The words that policies used before capabilities. */
const OLD_POLICIES: Readonly<Record<string, readonly Capability[]>> = {
  deny: ['deny'],
  read: ['read', 'list'],
  write: ['create', 'read', 'update', 'delete', 'list'],
  sudo: ['create', 'read', 'update', 'delete', 'list', 'sudo'],
};

/**
 * Parses a policy, in HCL or in JSON. What this server doesn't enforce (parameters, wrapping,
 * control groups, templates) is refused: ignoring it would allow more than the policy says.
 *
 * @throws RequestError 400, with Vault's text.
 * @example
 * parsePolicy('path "secret/data/*" { capabilities = ["read"] }');
 */
export function parsePolicy(text: string): readonly Rule[] {
  try {
    return text.trimStart().startsWith('{') ? rulesOfJson(text) : rulesOfHcl(text);
  } catch (error) {
    const reason = error instanceof HclFault ? error.message : 'invalid syntax';
    throw new RequestError(400, `failed to parse policy: ${reason}`);
  }
}

function rulesOfJson(text: string): Rule[] {
  const document: unknown = JSON.parse(text);
  if (!isJsonObject(document)) throw new HclFault('does not contain a root object');
  for (const key of Object.keys(document)) checkTopLevel(key);
  const paths = document.path ?? {};
  // Both {"path": {"a": {...}}} and {"path": [{"a": {...}}, ...]} are in use.
  const groups = Array.isArray(paths) ? paths : [paths];
  return groups.flatMap((group) => {
    if (!isJsonObject(group)) throw new HclFault('path must be an object');
    return Object.entries(group).map(([path, value]) => ruleOf(path, value));
  });
}

function rulesOfHcl(text: string): Rule[] {
  return parseHcl(text).flatMap(({ keys: [key = '', path], value }) => {
    checkTopLevel(key);
    if (key === 'name') return [];
    if (path === undefined) throw new HclFault('expected a path');
    return [ruleOf(path, value)];
  });
}

function checkTopLevel(key: string): void {
  if (key !== 'path' && key !== 'name') throw new HclFault(`invalid key ${JSON.stringify(key)}`);
}

function ruleOf(path: string, block: unknown): Rule {
  const where = `path ${JSON.stringify(path)}`;
  if (!isJsonObject(block)) throw new HclFault(`${where} must be an object`);
  const capabilities = new Set<Capability>();
  for (const [key, value] of Object.entries(block)) {
    if (key === 'comment') continue;
    if (key === 'policy') {
      const old = typeof value === 'string' && Object.hasOwn(OLD_POLICIES, value);
      if (!old) throw new HclFault(`${where}: invalid policy`);
      for (const capability of OLD_POLICIES[value] ?? []) capabilities.add(capability);
    } else if (key === 'capabilities') {
      if (!Array.isArray(value)) throw new HclFault(`${where}: capabilities must be a list`);
      for (const capability of value) {
        const known = CAPABILITIES.find((candidate) => candidate === capability);
        if (!known)
          throw new HclFault(`${where}: invalid capability ${JSON.stringify(capability)}`);
        capabilities.add(known);
      }
    } else {
      throw new HclFault(`${where}: ${JSON.stringify(key)} is not supported by this server`);
    }
  }
  const pattern = path.replace(/^\//, '');
  if (pattern.includes('+*')) {
    throw new HclFault(`${where}: invalid use of wildcards ('+*' is forbidden)`);
  }
  if (pattern.includes('{{')) {
    throw new HclFault(`${where}: templates are not supported by this server`);
  }
  return { pattern, capabilities: capabilities.has('deny') ? new Set(['deny']) : capabilities };
}
