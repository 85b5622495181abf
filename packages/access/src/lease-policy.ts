/** Longest delay that a timer of Node's takes; a longer one would fire at once. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** How much of a life is left for what was made under it to come to its end, and a little to spare. */
const LEFT_FOR_THE_OLD = 0.28;

/**
 * When to renew: at two thirds of what is left, a little earlier or later, so that many holders don't
 * come at once; and in any case while more than a quarter of a whole life is left, since the renewal may
 * turn out to be a replacement.
 *
 * @param left milliseconds that it still lives.
 * @param whole milliseconds of a whole life. A renewal may have given less. Default: what is left.
 * @param random from 0 to 1.
 * @returns milliseconds from now.
 * @example
 * nextRenewalDelay(90_000, 90_000, 0.5); // 60000
 * nextRenewalDelay(50_000, 90_000, 0.5); // 24800
 */
export function nextRenewalDelay(left: number, whole = left, random = Math.random()): number {
  const share = left * (2 / 3 + (random - 0.5) / 10);
  return Math.max(1000, Math.min(share, left - whole * LEFT_FOR_THE_OLD));
}

/**
 * How long to wait after a renewal that failed: 10 s, twice as long each time, at most 5 min.
 *
 * @param failures how many there were in a row, from 1.
 */
export function retryRenewalDelay(failures: number, random = Math.random()): number {
  return Math.min(10_000 * 2 ** (failures - 1), 300_000) * (0.75 + random / 2);
}

/**
 * How long a version that Postgres refused, and that Vault gave again, isn't asked for any more: 1 s,
 * twice as long each time, at most 30 s.
 *
 * @param times how often Vault gave it again, from 1.
 */
export function coolDownDelay(times: number): number {
  return Math.min(1000 * 2 ** (times - 1), 30_000);
}

/** How often a secret without a lease is looked at again while it is in use: 5 min, more or less. */
export function pollDelay(random = Math.random()): number {
  return 300_000 * (0.8 + random * 0.4);
}

/**
 * A timer that keeps no process alive and may be set for longer than Node's own.
 *
 * @returns what ends it.
 */
export function startTimer(millis: number, run: () => void): () => void {
  const step = Math.min(millis, LONGEST_TIMER_MILLIS);
  let timer = setTimeout(
    function next(left: number) {
      if (left <= 0) return run();
      timer = setTimeout(next, Math.min(left, LONGEST_TIMER_MILLIS), left - LONGEST_TIMER_MILLIS);
      timer.unref();
    },
    step,
    millis - step,
  );
  timer.unref();
  return () => clearTimeout(timer);
}
