import type { ClientBase } from 'pg';

/** How long whoever gave a connection back with something unfinished in it is waited for. */
const LONGEST_MILLIS = 1000;

/** Whether Postgres waits for a query. After an error it says so a moment later, and what state it is in. */
export function isSettled(client: ClientBase): boolean {
  const { readyForQuery, _queryable, _ended } = client as unknown as Record<string, boolean>;
  return readyForQuery === true || _queryable === false || _ended === true;
}

/** Waits until a connection is settled; one that isn't within a second is left as it is. */
export async function settle(client: ClientBase): Promise<void> {
  if (isSettled(client)) return;
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  const { promise, resolve } = Promise.withResolvers<void>();
  const late = setTimeout(resolve, LONGEST_MILLIS);
  connection.once('readyForQuery', resolve);
  connection.once('end', resolve);
  await promise;
  clearTimeout(late);
  connection.removeListener('readyForQuery', resolve);
  connection.removeListener('end', resolve);
}
