import { toSpireError } from './postgres-error.ts';

/**
 * Runs a query; what goes wrong comes out as a `SpireDBError`.
 *
 * @example
 * const rows = await ask(session.environment, () => session.db.select().from(tags));
 */
export async function ask<T>(environment: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw toSpireError(error, environment);
  }
}
