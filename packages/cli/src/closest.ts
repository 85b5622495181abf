/**
 * The word that somebody who typed another one may have meant; undefined when none is near.
 *
 * @example
 * closest('workflow list', ['workflows list', 'history list']); // 'workflows list'
 */
export function closest(typed: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, distance: distance(typed, word) }))
    .filter((one) => one.distance <= Math.max(1, typed.length / 4))
    .sort((one, other) => one.distance - other.distance);
  return best?.word;
}

/** How many letters have to be put in, taken out or replaced. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (const [column, wanted] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
