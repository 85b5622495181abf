const STATEMENTS =
  /^(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm;
const EXPRESSIONS = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/**
 * The specifiers that a TypeScript source imports or re-exports, types included.
 *
 * @example
 * importsOf("import type { Pool } from 'pg';"); // ['pg']
 */
export function importsOf(source: string): string[] {
  const code = source.replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
  return [...code.matchAll(STATEMENTS), ...code.matchAll(EXPRESSIONS)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}
