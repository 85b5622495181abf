import { isJsonObject, type JsonObject } from './fields.ts';
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
    const reason = error instanceof PolicyFault ? error.message : 'invalid syntax';
    throw new RequestError(400, `failed to parse policy: ${reason}`);
  }
}

class PolicyFault extends Error {}

function rulesOfJson(text: string): Rule[] {
  const document: unknown = JSON.parse(text);
  if (!isJsonObject(document)) throw new PolicyFault('does not contain a root object');
  for (const key of Object.keys(document)) checkTopLevel(key);
  const paths = document.path ?? {};
  // Both {"path": {"a": {...}}} and {"path": [{"a": {...}}, ...]} are in use.
  const groups = Array.isArray(paths) ? paths : [paths];
  return groups.flatMap((group) => {
    if (!isJsonObject(group)) throw new PolicyFault('path must be an object');
    return Object.entries(group).map(([path, value]) => {
      if (!isJsonObject(value))
        throw new PolicyFault(`path ${JSON.stringify(path)} must be an object`);
      return ruleOf(path, value);
    });
  });
}

const TOKEN =
  /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|("(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w-]*|[-\d.]+|[{}[\]=,])/y;

function rulesOfHcl(text: string): Rule[] {
  const tokens = hclTokens(text);
  let position = 0;
  const peek = () => tokens[position];
  const next = (): string => {
    const token = tokens[position];
    if (token === undefined) throw new PolicyFault('unexpected end');
    position += 1;
    return token;
  };
  const expect = (wanted: string) => {
    const token = next();
    if (token !== wanted) throw new PolicyFault(`expected ${wanted}`);
  };

  function value(): unknown {
    const token = next();
    if (token === '[') return list();
    if (token === '{') return object();
    if (token.startsWith('"')) return JSON.parse(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    throw new PolicyFault('unexpected value');
  }
  function list(): unknown[] {
    const items: unknown[] = [];
    while (peek() !== ']') {
      items.push(value());
      if (peek() !== ']') expect(',');
    }
    expect(']');
    return items;
  }
  function object(): JsonObject {
    const entries: [string, unknown][] = [];
    while (peek() !== '}') {
      const key = name();
      if (peek() === '=') expect('=');
      entries.push([key, value()]);
      if (peek() === ',') expect(',');
    }
    expect('}');
    return Object.fromEntries(entries);
  }
  function name(): string {
    const token = next();
    if (token.startsWith('"')) return JSON.parse(token);
    if (/^[A-Za-z_]/.test(token)) return token;
    throw new PolicyFault('expected a key');
  }

  const rules: Rule[] = [];
  while (peek() !== undefined) {
    const key = name();
    checkTopLevel(key);
    if (key === 'name') {
      expect('=');
      value();
      continue;
    }
    const path = name();
    if (peek() === '=') expect('=');
    expect('{');
    rules.push(ruleOf(path, object()));
  }
  return rules;
}

function hclTokens(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new PolicyFault('illegal character');
    if (match[1] !== undefined) tokens.push(match[1]);
  }
  return tokens;
}

function checkTopLevel(key: string): void {
  if (key !== 'path' && key !== 'name') throw new PolicyFault(`invalid key ${JSON.stringify(key)}`);
}

function ruleOf(path: string, block: JsonObject): Rule {
  const where = `path ${JSON.stringify(path)}`;
  const capabilities = new Set<Capability>();
  for (const [key, value] of Object.entries(block)) {
    if (key === 'comment') continue;
    if (key === 'policy') {
      const old = typeof value === 'string' && Object.hasOwn(OLD_POLICIES, value);
      if (!old) throw new PolicyFault(`${where}: invalid policy`);
      for (const capability of OLD_POLICIES[value] ?? []) capabilities.add(capability);
    } else if (key === 'capabilities') {
      if (!Array.isArray(value)) throw new PolicyFault(`${where}: capabilities must be a list`);
      for (const capability of value) {
        const known = CAPABILITIES.find((candidate) => candidate === capability);
        if (!known)
          throw new PolicyFault(`${where}: invalid capability ${JSON.stringify(capability)}`);
        capabilities.add(known);
      }
    } else {
      throw new PolicyFault(`${where}: ${JSON.stringify(key)} is not supported by this server`);
    }
  }
  const pattern = path.replace(/^\//, '');
  if (pattern.includes('+*')) {
    throw new PolicyFault(`${where}: invalid use of wildcards ('+*' is forbidden)`);
  }
  if (pattern.includes('{{')) {
    throw new PolicyFault(`${where}: templates are not supported by this server`);
  }
  return { pattern, capabilities: capabilities.has('deny') ? new Set(['deny']) : capabilities };
}
