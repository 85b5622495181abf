import { isLost } from './pool-errors.ts';
import { toSpireError } from './postgres-error.ts';

/**
 * Runs a query; what goes wrong comes out as a `SpireDBError`.
 *
 * @example
 * await ask(session.environment, () => session.db.insert(tags).values({label: 'beauty'}));
 */
export async function ask<T>(environment: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw toSpireError(error, environment);
  }
}

/**
 * As {@link ask}, for what only reads: when its connection is lost it is asked once more.
 *
 * @example
 * const rows = await read(session.environment, () => session.db.select().from(tags));
 */
export async function read<T>(environment: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (failure) {
    const error = toSpireError(failure, environment);
    if (!isLost(error)) throw error;
    return ask(environment, query);
  }
}
