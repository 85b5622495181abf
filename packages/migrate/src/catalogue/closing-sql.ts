import type { Difference } from './difference.ts';

/**
 * One script that brings the actual database to the expected, in an order that works. A statement
 * that loses data follows a comment that says so. What Spire can't tell isn't in it.
 *
 * @example
 * await writeFile('closing.sql', closingSql(compareCatalogues(expected, actual)));
 */
export function closingSql(differences: readonly Difference[]): string {
  const seen = new Set<string>();
  return differences
    .flatMap(({ words, steps }) => steps.map((one) => ({ ...one, words })))
    .sort((one, other) => one.order - other.order)
    .filter(({ sql }) => !seen.has(sql) && seen.add(sql))
    .map(({ sql, losesData, words }) =>
      // A name may hold a line break, after which it would be no comment any more.
      losesData ? `-- loses data: ${words.replace(/\s+/g, ' ')}\n${sql};\n` : `${sql};\n`,
    )
    .join('');
}
