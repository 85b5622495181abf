import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextRenewalDelay, pollDelay, retryRenewalDelay, startTimer } from './lease-policy.ts';

const HOUR = 3600_000;

it.each([
  [90_000, 0.5, 60_000],
  [90_000, 0, 55_500],
  [90_000, 1, 64_500],
  [768 * HOUR, 0.5, 512 * HOUR],
  // Never in a tight loop.
  [1, 0.5, 1000],
  [-5000, 0.5, 1000],
])('with %i ms left and %f it renews after %i ms', (left, random, delay) => {
  expect(nextRenewalDelay(left, random)).toBeCloseTo(delay, 3);
});

it.each([
  [1, 10_000],
  [2, 20_000],
  [5, 160_000],
  [6, 300_000],
  [60, 300_000],
])('after %i failures it waits %i ms, more or less', (failures, millis) => {
  expect(retryRenewalDelay(failures, 0.5)).toBe(millis);
  expect(retryRenewalDelay(failures, 0)).toBe(millis * 0.75);
});

it('looks at a secret without a lease every five minutes, more or less', () => {
  expect([0, 0.5, 1].map((random) => Math.round(pollDelay(random)))).toEqual([
    240_000, 300_000, 360_000,
  ]);
});

describe('startTimer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([1000, 2 ** 31 - 1, 2 ** 31, 768 * HOUR])(
    'fires after %i ms and not before',
    (millis) => {
      const run = vi.fn();
      startTimer(millis, run);
      vi.advanceTimersByTime(millis - 1);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(run).toHaveBeenCalledOnce();
    },
  );

  it('fires no more once it is stopped, also on its second stretch', () => {
    const run = vi.fn();
    const stop = startTimer(768 * HOUR, run);
    vi.advanceTimersByTime(700 * HOUR);
    stop();
    vi.advanceTimersByTime(100 * HOUR);
    expect(run).not.toHaveBeenCalled();
  });
});
