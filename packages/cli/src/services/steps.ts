/** One thing that was done. */
export interface Step {
  readonly did: string;
  readonly millis: number;
}

/** Is told before a step begins and after it ended. */
export interface StepWatcher {
  readonly onBegin: (what: string) => void;
  readonly onDone: (step: Step) => void;
}

/**
 * Runs steps one after the other and tells how they go.
 *
 * @returns `step`, which runs one, and the `steps` that were done.
 * @example
 * const {step, steps} = stepRunner(watcher);
 * const rows = await step('Counting', () => count(), (found) => `Counted ${found} rows`);
 */
export function stepRunner({ onBegin, onDone }: StepWatcher) {
  const steps: Step[] = [];
  const step = async <T>(what: string, run: () => Promise<T>, did: (result: T) => string) => {
    onBegin(what);
    const started = performance.now();
    const result = await run();
    const done = { did: did(result), millis: Math.round(performance.now() - started) };
    steps.push(done);
    onDone(done);
    return result;
  };
  return { step, steps: steps as readonly Step[] };
}
