import { TransferError } from '@spire/transfer';
import { CliError } from '../errors.ts';

/**
 * Runs something that cleans up when it is broken off: Ctrl-C breaks it off, and another Ctrl-C ends the
 * process at once.
 *
 * @param outcome how things are then, as a sentence.
 * @throws CliError `INTERRUPTED`, once it has cleaned up.
 */
export async function interruptible<T>(
  outcome: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const others = process.listeners('SIGINT') as NodeJS.SignalsListener[];
  process.removeAllListeners('SIGINT');
  const interrupt = () => {
    for (const listener of others) process.once('SIGINT', listener);
    controller.abort(new CliError('INTERRUPTED', `Interrupted. ${outcome}`));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await run(controller.signal);
  } catch (error) {
    const unknown = error instanceof TransferError && error.code === 'OUTCOME_UNKNOWN';
    throw controller.signal.aborted && !unknown ? controller.signal.reason : error;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** Runs something before anything is changed: Ctrl-C says so, and ends the process at once. */
export async function beforeChanges<T>(run: () => Promise<T>): Promise<T> {
  const interrupt = () => {
    process.stderr.write('\nInterrupted. Nothing was changed.\n');
    process.exit(130);
  };
  process.prependListener('SIGINT', interrupt);
  try {
    return await run();
  } finally {
    process.off('SIGINT', interrupt);
  }
}
