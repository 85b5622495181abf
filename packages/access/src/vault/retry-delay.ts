import { isSealed, type Refusal } from './refusal.ts';
import { BREAKS_OFF, NoAnswer } from './transport.ts';

const LONGEST_WAIT_SECONDS = 5;

/**
 * How long to wait before a request is tried again; undefined when trying again is no use.
 *
 * @param attempt how often it was tried, from 1.
 * @param random from 0 to 1, so that many callers don't come back at once.
 * @returns milliseconds.
 * @example
 * retryDelay(new Refusal(429, [], 2), 1); // 2000 to 2200
 */
export function retryDelay(
  failure: NoAnswer | Refusal,
  attempt: number,
  random = Math.random(),
): number | undefined {
  const backoff = Math.min(100 * 2 ** (attempt - 1), 2000) * (0.5 + random / 2);
  // Nobody listens there, or an answer took too long already: the caller decides.
  if (failure instanceof NoAnswer) return isBroken(failure) ? backoff : undefined;
  const { status, retryAfter } = failure;
  if (status === 429) {
    if (retryAfter === undefined) return backoff;
    return retryAfter <= LONGEST_WAIT_SECONDS ? retryAfter * 1000 + 200 * random : undefined;
  }
  const passing = status >= 500 && status !== 501 && !isSealed(failure);
  return passing ? backoff : undefined;
}

function isBroken({ reason }: NoAnswer): boolean {
  return ['ECONNRESET', 'EPIPE', 'connection broken', BREAKS_OFF].includes(reason);
}
