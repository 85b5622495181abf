/** One way of doing something, to be timed beside others. */
export interface Contender {
  readonly name: string;
  /** How much longer than the first it may take. */
  readonly goal?: number;
  /** What has to be done before each time, while no clock runs. */
  readonly prepare?: () => Promise<void> | void;
  readonly run: () => Promise<void> | void;
}

/**
 * Times contenders in turn, round by round, so that what disturbs the machine disturbs them alike,
 * and prints the median of each with its ratio to the first.
 *
 * @param rounds how often each is run; the first round warms up and doesn't count.
 * @returns the medians, in milliseconds.
 */
export async function measure(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly number[]> {
  const times = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      await contender.prepare?.();
      const started = performance.now();
      await contender.run();
      if (round > 0) times[index]?.push(performance.now() - started);
    }
  }
  const medians = times.map(median);
  for (const [index, { name, goal }] of contenders.entries()) {
    const ratio = (medians[index] ?? 0) / (medians[0] ?? 1);
    const wanted = goal ? `  goal ${goal.toFixed(2)}x ${ratio <= goal ? 'met' : 'missed'}` : '';
    const millis = (medians[index] ?? 0).toFixed(1).padStart(8);
    console.log(`${millis} ms  ${ratio.toFixed(2).padStart(5)}x  ${name}${wanted}`);
  }
  return medians;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
