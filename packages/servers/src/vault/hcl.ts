import type { JsonObject } from './fields.ts';

/** A top-level item: `path "a" { ... }` has the keys `path` and `a`, and an object for its value. */
export interface HclItem {
  readonly keys: readonly string[];
  readonly value: unknown;
}

/** What is wrong with a text; without the text itself. */
export class HclFault extends Error {}

const TOKEN =
  /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|("(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w-]*|[-\d.]+|[{}[\]=,])/y;

/**
 * Parses HCL, as far as Vault's policies use it: blocks, assignments, strings, numbers, booleans,
 * lists, objects, comments.
 *
 * @throws HclFault when the text is something else.
 * @example
 * parseHcl('path "a" { capabilities = ["read"] }');
 * // [{keys: ['path', 'a'], value: {capabilities: ['read']}}]
 */
export function parseHcl(text: string): readonly HclItem[] {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = () => tokens[position];
  const next = (): string => {
    const token = tokens[position];
    if (token === undefined) throw new HclFault('unexpected end');
    position += 1;
    return token;
  };
  const expect = (wanted: string) => {
    if (next() !== wanted) throw new HclFault(`expected ${wanted}`);
  };

  function value(): unknown {
    const token = next();
    if (token === '[') return list();
    if (token === '{') return object();
    if (token.startsWith('"')) return JSON.parse(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    throw new HclFault('unexpected value');
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
    throw new HclFault('expected a key');
  }
  function item(): HclItem {
    const keys = [name()];
    while (peek() !== '=' && peek() !== '{') keys.push(name());
    if (peek() === '=') expect('=');
    return { keys, value: value() };
  }

  const items: HclItem[] = [];
  while (peek() !== undefined) items.push(item());
  return items;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new HclFault('illegal character');
    if (match[1] !== undefined) tokens.push(match[1]);
  }
  return tokens;
}
