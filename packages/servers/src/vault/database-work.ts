import type { Storage } from './storage.ts';
import type { Turns } from './turns.ts';

/**
 * What those share who make, change and end credentials. They do it in Postgres first and then in the
 * state, so that the state has only what is true there; and they take turns at a database, as Vault does.
 */
export interface DatabaseWork {
  readonly storage: Storage;
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** By {@link turnAt}. */
  readonly turns: Turns;
}

/** The key of a database's turns. */
export function turnAt(mount: string, dbName: string): string {
  return `${mount}config/${dbName}`;
}
