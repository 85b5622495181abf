import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = '[A-Z][A-Z0-9_]+|npm_[a-z_]+';
const PROPERTY = new RegExp(`(?:process\\.env|\\benv|\\bvariables)\\??\\.(${NAME})\\b`, 'g');
const DESTRUCTURED = /\{([^{}=]*)\}\s*=\s*(?:process\.env|env|variables|\w+\.variables)\b/g;
/** Names that go through a table or a parameter. */
const LITERAL = /'((?:SPIRE|DB|VAULT|DATABRICKS|ASTRO|DEPLOYMENT|GITHUB)_[A-Z_]+)'/g;
const CONFIG_KEY = /\b(?:pairs\.get|findPair)\((?:[\w.]+, )?'(\w+)'\)/g;

/** The variables that a source reads. */
export function readVariables(source: string): string[] {
  const code = source.replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
  const names = (pattern: RegExp) => [...code.matchAll(pattern)].map((match) => match[1] ?? '');
  const destructured = names(DESTRUCTURED).flatMap(
    (inside) => inside.match(/\b[A-Z][A-Z0-9_]+/g) ?? [],
  );
  return [...names(PROPERTY), ...destructured, ...names(LITERAL)];
}

/** The keys of the config file that a source reads by their names. */
export function readConfigKeys(source: string): string[] {
  return [...source.matchAll(CONFIG_KEY)].map((match) => match[1] ?? '');
}

/**
 * Which packages read a variable or a key of the config file.
 *
 * @param codes of errors, which look like variables.
 * @returns packages by name.
 */
export function readers(root: string, codes: ReadonlySet<string>): Map<string, Set<string>> {
  const byName = new Map<string, Set<string>>();
  for (const file of globSync('packages/*/{src,bin}/**/*.ts', { cwd: root }).sort()) {
    // The names that masks know are keys of job definitions.
    if (file.endsWith('.test.ts') || /packages.schema/.test(file)) continue;
    const source = readFileSync(join(root, file), 'utf8');
    for (const name of [...readVariables(source), ...readConfigKeys(source)]) {
      if (codes.has(name)) continue;
      byName.set(name, (byName.get(name) ?? new Set()).add(file.split(/[\\/]/)[1] ?? ''));
    }
  }
  return byName;
}
