import type { Cost } from './contender-process.ts';
import { CONTENDERS } from './contenders.ts';

/**
 * Prints the medians of each contender, and its CPU time beside the first one's.
 *
 * @param costs of each contender, round by round.
 * @param goals whether the contenders' goals hold.
 */
export function printCosts(costs: readonly (readonly Cost[])[], goals: boolean): void {
  console.log('  CPU µs  beside pg  per second     bytes');
  for (const [index, { name, goal }] of CONTENDERS.entries()) {
    const own = costs[index] ?? [];
    const micros = median(own.map(({ cpuMicros }) => cpuMicros));
    // Round by round: both sides of each ratio had the same disturbances.
    const ratio = median(own.map(({ cpuMicros }, round) => cpuMicros / firstOf(costs, round)));
    const wanted =
      goal && goals ? `  goal ${goal.toFixed(2)}x ${ratio <= goal ? 'met' : 'missed'}` : '';
    const perSecond = Math.round(median(own.map((cost) => cost.perSecond)));
    const bytes = Math.round(median(own.map(({ allocated }) => allocated)));
    console.log(
      `${micros.toFixed(1).padStart(8)}  ${ratio.toFixed(2).padStart(8)}x  ${perSecond.toLocaleString('en').padStart(10)}  ${bytes.toLocaleString('en').padStart(8)}  ${name}${wanted}`,
    );
  }
}

function firstOf(costs: readonly (readonly Cost[])[], round: number): number {
  return costs[0]?.[round]?.cpuMicros ?? Number.NaN;
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
