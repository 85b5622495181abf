import type { Capability, Rule } from './policy-document.ts';

/** What the policies of a token allow together. */
export interface AccessRules {
  /** The capabilities at a path, sorted; `['root']` for the root policy, `['deny']` for none. */
  capabilities(path: string): readonly string[];
  /** Whether one capability is given at a path. */
  allows(capability: Capability, path: string): boolean;
  /** Whether anything at or below a path is allowed. */
  reaches(path: string): boolean;
}

/** The rules of the root policy: everything. */
export const ROOT_RULES: AccessRules = {
  capabilities: () => ['root'],
  allows: () => true,
  reaches: () => true,
};

/**
 * Joins the rules of several policies as Vault does: a pattern that occurs more than once gives the
 * union of its capabilities, except that `deny` wins; of the patterns that match a path, the most
 * specific one decides alone.
 *
 * @example
 * accessRules(parsePolicy('path "secret/*" { capabilities = ["read"] }')).allows('read', 'secret/a');
 */
export function accessRules(rules: readonly Rule[]): AccessRules {
  const byPattern = new Map<string, Pattern>();
  for (const rule of rules) {
    const pattern = byPattern.get(rule.pattern) ?? describe(rule.pattern);
    byPattern.set(rule.pattern, pattern);
    for (const capability of rule.capabilities) pattern.capabilities.add(capability);
  }
  const patterns = [...byPattern.values()].sort(bySpecificity);
  const exact = (path: string) => patterns.find((one) => one.literal && one.text === path);
  const wild = (path: string) => patterns.find((one) => !one.literal && matches(one, path));

  function at(path: string): ReadonlySet<Capability> {
    // Listing `a/b/` is allowed by a rule for `a/b` too.
    const folder = path.endsWith('/') ? path.slice(0, -1) : undefined;
    const found =
      exact(path) ??
      (folder === undefined ? undefined : (exact(folder) ?? wild(folder))) ??
      wild(path);
    return found && !found.capabilities.has('deny') ? found.capabilities : new Set();
  }
  return {
    capabilities: (path) => {
      const given = [...at(path)].sort();
      return given.length > 0 ? given : ['deny'];
    },
    allows: (capability, path) => at(path).has(capability),
    reaches: (path) =>
      patterns.some(
        (one) =>
          one.capabilities.size > 0 && !one.capabilities.has('deny') && mayMatchBelow(one, path),
      ),
  };
}

interface Pattern {
  /** Without the `*` at its end. */
  readonly text: string;
  readonly glob: boolean;
  readonly wildcards: number;
  readonly literal: boolean;
  readonly firstWildcard: number;
  readonly capabilities: Set<Capability>;
}

function describe(pattern: string): Pattern {
  const glob = pattern.endsWith('*');
  const text = glob ? pattern.slice(0, -1) : pattern;
  const segments = text.split('/');
  const first = text.search(/(?<=^|\/)\+(?=\/|$)/);
  const wildcards = segments.filter((segment) => segment === '+').length;
  const firstWildcard = first < 0 ? text.length : first;
  return {
    text,
    glob,
    wildcards,
    literal: !glob && !wildcards,
    firstWildcard,
    capabilities: new Set(),
  };
}

/** The priority that Vault documents, the highest first. */
function bySpecificity(left: Pattern, right: Pattern): number {
  return (
    right.firstWildcard - left.firstWildcard ||
    Number(left.glob) - Number(right.glob) ||
    left.wildcards - right.wildcards ||
    right.text.length - left.text.length ||
    (left.text < right.text ? 1 : -1)
  );
}

function matches(pattern: Pattern, path: string): boolean {
  if (pattern.wildcards === 0) return path.startsWith(pattern.text);
  const wanted = pattern.text.split('/');
  const given = path.split('/');
  if (pattern.glob ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => {
    const last = pattern.glob && index === wanted.length - 1;
    const actual = given[index] ?? '';
    return segment === '+' || segment === actual || (last && actual.startsWith(segment));
  });
}

function mayMatchBelow(pattern: Pattern, path: string): boolean {
  const wanted = pattern.text.split('/');
  const given = path.replace(/\/$/, '').split('/');
  return given.every((segment, index) => {
    const expected = wanted[index];
    if (expected === undefined) return pattern.glob;
    if (expected === '+' || expected === segment) return true;
    return pattern.glob && index === wanted.length - 1 && segment.startsWith(expected);
  });
}
