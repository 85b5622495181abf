/** Lets what has the same key happen one after the other, in the order in which it was asked for. */
export type Turns = <Result>(key: string, run: () => Promise<Result>) => Promise<Result>;

/**
 * @example
 * const turns = createTurns();
 * await Promise.all([turns('a', first), turns('a', second)]); // second begins when first has ended
 */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, run) => {
    const result = (last.get(key) ?? Promise.resolve()).then(run);
    // Whoever comes next doesn't care how it ended.
    last.set(
      key,
      result.catch(() => {}),
    );
    return result;
  };
}
