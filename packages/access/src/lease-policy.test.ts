import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  coolDownDelay,
  nextRenewalDelay,
  pollDelay,
  retryRenewalDelay,
  startTimer,
} from './lease-policy.ts';

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
  expect(nextRenewalDelay(left, left, random)).toBeCloseTo(delay, 3);
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

it.each([
  [90_000, 90_000, 0.5, 60_000],
  // A renewal that gave less than a whole life: whatever is made next has to be there in time.
  [50_000, 90_000, 0.5, 24_800],
  [45_000, 90_000, 1, 19_800],
  [20_000, 90_000, 0.5, 1000],
])('with %i ms left of %i and %f it renews after %i ms', (left, whole, random, delay) => {
  expect(nextRenewalDelay(left, whole, random)).toBeCloseTo(delay, 3);
});

it.each([0, 0.5, 1])('more than a quarter of a whole life is left then, also with %f', (random) => {
  const left = (of: number) => of - nextRenewalDelay(of, HOUR, random);
  for (const share of [0.5, 0.7, 0.85, 1]) expect(left(share * HOUR)).toBeGreaterThan(HOUR / 4);
});

it('leaves a refused version alone for 1 s, twice as long each time, at most 30 s', () => {
  expect([1, 2, 3, 4, 5, 6, 99].map(coolDownDelay)).toEqual([
    1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
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
