/** One way of doing something, to be timed beside others. */
export interface Contender {
  readonly name: string;
  /** What has to be done before each time, while no clock runs. */
  readonly prepare: () => Promise<void>;
  readonly run: () => Promise<void> | void;
  /** Sees afterwards that it was done. */
  readonly check: () => Promise<void>;
}

/**
 * Times contenders in turn, forwards and backwards, so that what disturbs the machine disturbs them alike.
 *
 * @returns the median of each, in seconds.
 */
export async function measure(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly number[]> {
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    const order = [...contenders.entries()];
    for (const [index, contender] of round % 2 === 0 ? order : order.reverse()) {
      await contender.prepare();
      const started = performance.now();
      await contender.run();
      times[index]?.push((performance.now() - started) / 1000);
      await contender.check();
    }
  }
  return times.map(median);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
