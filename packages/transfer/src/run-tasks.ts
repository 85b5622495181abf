/** A piece of work that a worker does once all that it needs is done. */
export interface Task<Worker> {
  readonly needs: readonly Task<Worker>[];
  /** What is heavier begins earlier. */
  readonly weight: number;
  run(worker: Worker): Promise<unknown>;
}

/**
 * Runs tasks, one at a time on each worker, the heaviest of those that are ready first.
 *
 * @param onFailure told at once when a task fails, to break off what runs beside it.
 * @throws what the first one threw that failed, when all that ran beside it have ended.
 */
export async function runTasks<Worker>(
  tasks: readonly Task<Worker>[],
  workers: readonly Worker[],
  onFailure?: () => void,
): Promise<void> {
  const waiting = new Set(tasks);
  const done = new Set<Task<Worker>>();
  let failure: { readonly error: unknown } | undefined;
  let changed = Promise.withResolvers<void>();
  const next = () =>
    [...waiting]
      .filter(({ needs }) => needs.every((need) => done.has(need)))
      .reduce<Task<Worker> | undefined>(
        (best, one) => (best && best.weight >= one.weight ? best : one),
        undefined,
      );
  const work = async (worker: Worker) => {
    while (waiting.size > 0 && !failure) {
      const task = next();
      if (!task) {
        await changed.promise;
        continue;
      }
      waiting.delete(task);
      try {
        await task.run(worker);
        done.add(task);
      } catch (error) {
        if (!failure) {
          failure = { error };
          onFailure?.();
        }
      }
      changed.resolve();
      changed = Promise.withResolvers();
    }
  };
  await Promise.all(workers.map(work));
  if (failure) throw failure.error;
}
